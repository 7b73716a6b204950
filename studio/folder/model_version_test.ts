import { assertEquals, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { makeFolder, writeFile } from "@unet/files";
import { modelVersion } from "./model_version.ts";

Deno.test("modelVersion() differs for a file that was replaced by one of the same size and time", async () => {
  const folder = await Deno.makeTempDir(), run = join(folder, "run");
  const file = join(folder, "own.safetensors"), time = new Date(1e12);
  await makeFolder(join(run, "best"));
  for (
    const [model, path] of [
      [file, file],
      [run, join(run, "best", "model.safetensors")],
    ] as const
  ) {
    await writeFile(path, "one");
    await Deno.utime(path, time, time);
    const before = await modelVersion(model);
    assertEquals(await modelVersion(model), before);
    await writeFile(path, "two");
    await Deno.utime(path, time, time);
    assertNotEquals(await modelVersion(model), before);
  }
  assertEquals(await modelVersion("nuclei"), "none");
  await Deno.remove(folder, { recursive: true });
});
