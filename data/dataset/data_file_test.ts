import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { FileError } from "@unet/errors";
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

const content = new TextEncoder().encode("packed");

async function refusal(path: string): Promise<string> {
  const error = await assertRejects(
    () => readDataFile(path, "a.txt"),
    FileError,
  );
  return error.message;
}

Deno.test("readDataFile() refuses what has the name and is no file", async () => {
  await using folder = await temporaryFolder();
  const make: Record<string, (path: string) => void> = {
    "a folder": (path) => Deno.mkdirSync(path),
    "a link that leads nowhere": (path) => Deno.symlinkSync("gone", path),
    ...Deno.build.os !== "windows" && {
      "neither a file nor a folder": (path) => {
        new Deno.Command("mkfifo", { args: [path] }).outputSync();
      },
    },
  };
  for (const [found, makeOne] of Object.entries(make)) {
    const path = join(folder.path, "A.txt");
    makeOne(path);
    assertEquals(
      await refusal(folder.path),
      `Cannot read data "${path}": found ${found}, expected a file`,
    );
    await Deno.remove(path);
  }
});

Deno.test("readDataFile() refuses links in a circle, as the file and as the data", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "a.txt");
  await Deno.symlink("a.txt", path);
  for (const data of [folder.path, path]) {
    assertEquals(
      (await refusal(data)).startsWith(
        `Cannot read data "${path}": found `,
      ),
      true,
    );
  }
});

Deno.test("readDataFile() reads a name in other capitals, and refuses two of them", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(join(folder.path, "A.TXT"), "text");
  assertEquals((await readDataFile(folder.path, "a.txt"))?.text, "text");
  await Deno.writeTextFile(join(folder.path, "a.txt"), "text");
  if ([...Deno.readDirSync(folder.path)].length < 2) return;
  assertEquals(
    await refusal(folder.path),
    `Cannot read data "${folder.path}": found A.TXT, a.txt, expected one of ` +
      "them; keep the correct one",
  );
});

Deno.test("readDataFile() refuses a zip in which several files could be meant", async () => {
  await using folder = await temporaryFolder();
  const zip = join(folder.path, "data.zip");
  const write = (...names: string[]) =>
    Deno.writeFile(zip, handmadeZip(names.map((name) => ({ name, content }))));
  for (
    const names of [
      ["x/a.txt", "y/a.txt"],
      ["a.txt", "top/a.txt"],
      ["A.txt", "a.txt"],
    ]
  ) {
    await write(...names);
    assertEquals(
      (await refusal(zip)).includes(`found ${names.join(", ")}, expected one`),
      true,
    );
  }
  await write("x/a.txt", "y/b.png");
  assertEquals(
    await refusal(zip),
    `Cannot read data "${zip}": found x/a.txt in one of 2 folders, expected ` +
      "a.txt at the top of the zip, or in its only folder",
  );
  for (
    const names of [
      ["a.txt", "images/b.png", "masks/b.png", "deep/er/a.txt"],
      ["top/A.TXT", "top/images/b.png", "__MACOSX/a.txt", "read.me"],
    ]
  ) {
    await write(...names);
    assertEquals((await readDataFile(zip, "a.txt"))?.text, "packed");
  }
  // A zip is known by its content, as the images in it are.
  const bare = join(folder.path, "data");
  await Deno.rename(zip, bare);
  assertEquals((await readDataFile(bare, "a.txt"))?.text, "packed");
});

Deno.test("readDataFile() refuses text that is not UTF-8, in a folder and in a zip", async () => {
  await using folder = await temporaryFolder();
  const latin = Uint8Array.of(0x66, 0xfc, 0x72);
  await Deno.writeFile(join(folder.path, "a.txt"), latin);
  const zip = join(folder.path, "data.zip");
  await Deno.writeFile(zip, handmadeZip([{ name: "a.txt", content: latin }]));
  for (const data of [folder.path, zip]) {
    assertEquals(
      await refusal(data),
      `Cannot read data "${join(data, "a.txt")}": found bytes that are not ` +
        "text, expected UTF-8",
    );
  }
});
