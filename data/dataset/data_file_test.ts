import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { handmadeZip } from "../fixtures/handmade_zip.ts";
import { temporaryFolder } from "../fixtures/temporary_folder.ts";
import { readDataFile } from "./data_file.ts";

Deno.test("readDataFile() reads a text of a folder or a zip, and gives null where it is not", async () => {
  await using folder = await temporaryFolder();
  assertEquals(await readDataFile(folder.path, "a.txt"), null);
  const path = join(folder.path, "a.txt");
  await Deno.writeTextFile(path, "text");
  assertEquals(await readDataFile(folder.path, "a.txt"), {
    text: "text",
    path,
  });
  const content = new TextEncoder().encode("packed");
  for (const name of ["a.txt", "set/a.txt", "deep/er/a.txt", "not-a.txt"]) {
    const zip = join(folder.path, `${name.length}.zip`);
    await Deno.writeFile(zip, handmadeZip([{ name, content }]));
    const found = await readDataFile(zip, "a.txt");
    const isThere = name === "a.txt" || name === "set/a.txt";
    assertEquals(found?.text, isThere ? "packed" : undefined, name);
  }
});
