import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { infoOf } from "./info_of.ts";
import { removeFolder } from "./remove_folder.ts";

Deno.test("removeFolder() removes a folder with its files, and what is not there", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(join(folder, "inner"));
  await Deno.writeTextFile(join(folder, "inner", "file"), "text");
  await removeFolder(folder);
  assertEquals(await infoOf(folder), null);
  await removeFolder(folder);
});

Deno.test("removeFolder() throws what the system refuses", async () => {
  const file = await Deno.makeTempFile();
  await assertRejects(() => removeFolder(join(file, "inner")));
  await Deno.remove(file);
});
