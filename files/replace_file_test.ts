import { assertEquals, assertRejects } from "@std/assert";
import { FileError } from "@unet/errors";
import { replaceFile } from "./replace_file.ts";

async function makeFolder(): Promise<string> {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/new`, "new");
  await Deno.writeTextFile(`${folder}/old`, "old");
  return folder;
}

const namesIn = (folder: string) =>
  [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

const yes = () => true;

Deno.test("replaceFile() replaces a file, or makes one, where that is wanted", async () => {
  const folder = await makeFolder();
  assertEquals(
    await replaceFile(`${folder}/new`, `${folder}/old`, { isWanted: yes }),
    true,
  );
  assertEquals(await Deno.readTextFile(`${folder}/old`), "new");
  assertEquals(namesIn(folder), ["old"]);
  await replaceFile(`${folder}/old`, `${folder}/first`, { isWanted: yes });
  assertEquals(namesIn(folder), ["first"]);
});

Deno.test("replaceFile() removes a new file that is not wanted, and leaves the old one", async () => {
  const folder = await makeFolder();
  const isWanted = () => false;
  assertEquals(
    await replaceFile(`${folder}/new`, `${folder}/old`, { isWanted }),
    false,
  );
  assertEquals(await Deno.readTextFile(`${folder}/old`), "old");
  assertEquals(namesIn(folder), ["old"]);
});

Deno.test("replaceFile() refuses a folder and a read-only file, and a new file that is not there", async () => {
  const folder = await makeFolder();
  await Deno.mkdir(`${folder}/folder`);
  await assertRejects(
    () =>
      replaceFile(`${folder}/new`, `${folder}/folder`, {
        ...{ isWanted: yes, thing: "mask" },
      }),
    FileError,
    'Cannot write mask "',
  );
  assertEquals(namesIn(folder), ["folder", "old"]);
  await assertRejects(
    () => replaceFile(`${folder}/new`, `${folder}/old`, { isWanted: yes }),
    FileError,
    "found no such file",
  );
  await Deno.writeTextFile(`${folder}/new`, "new");
  await Deno.chmod(`${folder}/old`, 0o444);
  await assertRejects(
    () => replaceFile(`${folder}/new`, `${folder}/old`, { isWanted: yes }),
    FileError,
    "found a read-only file",
  );
  assertEquals(await Deno.readTextFile(`${folder}/old`), "old");
});
