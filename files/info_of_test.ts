import { assert, assertEquals, assertRejects } from "@std/assert";
import { infoOf } from "./info_of.ts";

Deno.test("infoOf() follows a link unless it is asked for the link itself", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/note`, "a note");
  await Deno.symlink(`${folder}/note`, `${folder}/link`);
  await Deno.symlink(`${folder}/gone`, `${folder}/dead`);
  assertEquals((await infoOf(`${folder}/link`))?.size, 6);
  assert((await infoOf(`${folder}/link`, { ofLink: true }))?.isSymlink);
  assertEquals(await infoOf(`${folder}/dead`), null);
  assert((await infoOf(`${folder}/dead`, { ofLink: true }))?.isSymlink);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("infoOf() finds nothing below a file, and passes other faults on", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/note`, "a note");
  assertEquals(await infoOf(`${folder}/note/below`), null);
  await Deno.symlink("loop", `${folder}/loop`);
  await assertRejects(
    () => infoOf(`${folder}/loop`),
    Deno.errors.FilesystemLoop,
  );
  await Deno.remove(folder, { recursive: true });
});
