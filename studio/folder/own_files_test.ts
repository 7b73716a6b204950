import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { FileError } from "@unet/errors";
import { infoOf } from "@unet/files";
import { openStudioFolder } from "./studio_folder.ts";

const ownFiles = ["states.jsonl", "saving.json", "lock", "lock.json"];

/** A folder with a `.studio`, beside a folder with a file. */
async function makePlace() {
  const place = await Deno.realPath(await Deno.makeTempDir());
  const root = join(place, "images"), other = join(place, "images 2");
  await Deno.mkdir(join(root, ".studio"), { recursive: true });
  await Deno.mkdir(other);
  await Deno.writeTextFile(join(other, "file"), "of another");
  return { place, root, other };
}

/** The fault of opening a folder: a line. */
async function faultOf(root: string): Promise<string> {
  const { message } = await assertRejects(
    () => openStudioFolder(root),
    FileError,
  );
  assertEquals(message.includes("\n"), false);
  return message;
}

Deno.test("openStudioFolder() refuses own files that are links leading out, and leaves where they lead as it was", async () => {
  const { place, root, other } = await makePlace();
  const target = join(other, "file"), missing = join(other, "missing");
  const cases = [
    [target, "leads out of the folder"],
    [join(root, "a.png"), "leads out of the folder"],
    [missing, "leads to no file"],
  ] as const;
  await Deno.writeTextFile(join(root, "a.png"), "an image");
  for (const file of ownFiles) {
    const path = join(root, ".studio", file);
    for (const [leadsTo, found] of cases) {
      await Deno.symlink(leadsTo, path);
      assertEquals(
        await faultOf(root),
        `Cannot open file "${path}": found a link that ${found}, expected the ` +
          "studio's own file or folder; remove it, or move it elsewhere",
      );
      await Deno.remove(path);
    }
    await Deno.mkdir(path);
    assertEquals((await faultOf(root)).includes("found what is no file"), true);
    await Deno.remove(path);
  }
  assertEquals(await Deno.readTextFile(target), "of another");
  assertEquals(await Deno.readTextFile(join(root, "a.png")), "an image");
  assertEquals(await infoOf(missing), null);
  // Without the links it opens.
  (await openStudioFolder(root))[Symbol.dispose]();
  await Deno.remove(place, { recursive: true });
});

Deno.test("openStudioFolder() refuses a .studio that is a link leading out, and makes nothing there", async () => {
  const { place, root, other } = await makePlace();
  const home = join(root, ".studio");
  for (const leadsTo of [other, join(place, "missing"), home]) {
    await Deno.remove(home);
    await Deno.symlink(leadsTo, home);
    assertEquals((await faultOf(root)).includes("found a link that"), true);
  }
  assertEquals(
    (await Array.fromAsync(Deno.readDir(other))).map(({ name }) => name),
    ["file"],
  );
  assertEquals(await infoOf(join(place, "missing")), null);
  await Deno.remove(place, { recursive: true });
});
