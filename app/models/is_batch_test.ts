import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { isBatch } from "./is_batch.ts";

Deno.test("isBatch() expects one of many paths or of a folder with many entries", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const many = Array.from({ length: 24 }, (_, at) => `${at}.png`);
    assertEquals(await isBatch(many), true);
    assertEquals(await isBatch([folder, "none", `${folder}/*.png`]), false);
    for (const name of many) await Deno.writeTextFile(join(folder, name), "");
    assertEquals(await isBatch(["none", folder]), true);
    assertEquals(await isBatch([join(folder, "1.png")]), false);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
