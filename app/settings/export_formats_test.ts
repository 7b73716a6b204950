import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { exportModel } from "../export_model.ts";
import { exportFormats } from "./export_formats.ts";

Deno.test("exportFormats names what a model can be written in", async () => {
  const folder = await Deno.makeTempDir();
  for (const format of exportFormats) {
    // A package has tests of its own: it needs more than a model.
    if (format === "bioimageio") continue;
    const out = join(folder, `model.${format}`);
    const { file, bytes } = await exportModel({ model: "nuclei", format, out });
    assertEquals((await Deno.stat(file)).size, bytes);
  }
  await Deno.remove(folder, { recursive: true });
});
