import { assertEquals } from "@std/assert";
import { lockFile } from "@unet/files";
import { openScratchFolder } from "./scratch_folder.ts";

Deno.test("openScratchFolder() removes what killed servers left, and nothing else", async () => {
  const parent = await Deno.makeTempDir();
  for (
    const name of ["unet-serve-dead", "unet-serve-alive", "unet-serve-new"]
  ) {
    await Deno.mkdir(`${parent}/${name}`);
    await Deno.writeTextFile(`${parent}/${name}/image.png`, "a client's");
  }
  await Deno.writeTextFile(`${parent}/unet-serve-dead/.lock`, "");
  await Deno.symlink(`${parent}/unet-serve-new`, `${parent}/unet-serve-link`);
  {
    using _held = await lockFile(`${parent}/unet-serve-alive/.lock`);
    await using first = await openScratchFolder(parent);
    await using second = await openScratchFolder(parent);
    assertEquals(
      [...Deno.readDirSync(parent)].map(({ name }) => `${parent}/${name}`)
        .sort(),
      [
        ...[first.path, second.path, `${parent}/unet-serve-alive`],
        ...[`${parent}/unet-serve-link`, `${parent}/unet-serve-new`],
      ].sort(),
    );
  }
  assertEquals([...Deno.readDirSync(parent)].length, 3);
  assertEquals([...Deno.readDirSync(`${parent}/unet-serve-new`)].length, 1);
  await Deno.remove(parent, { recursive: true });
});
