import { assertEquals, assertRejects } from "@std/assert";
import { FileError } from "@unet/errors";
import { FileWriter } from "./file_writer.ts";
import { inBetween } from "./fixtures/in_between.ts";
import { whileHeld } from "./fixtures/while_held.ts";
import { removeLeftovers } from "./remove_leftovers.ts";
import { replaceFolder } from "./replace_folder.ts";
import { writeFile } from "./write_file.ts";

const isWindows = Deno.build.os === "windows";

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

const nothing = { count: 0, bytes: 0 };

Deno.test("removeLeftovers() removes what a killed process left, and not while it lives", async () => {
  for (
    const [kind, found, bytes] of [["file", 1, 1 << 20], ["folder", 2, 0]] as [
      string,
      number,
      number,
    ][]
  ) {
    const folder = await Deno.makeTempDir();
    await whileHeld(kind, `${folder}/name`, async () => {
      assertEquals(await removeLeftovers(folder), nothing);
      assertEquals(names(folder).length, found);
    });
    assertEquals(names(folder).length, found);
    assertEquals(await removeLeftovers(folder), { count: 1, bytes });
    assertEquals(names(folder), []);
  }
});

Deno.test("removeLeftovers() leaves what this process is writing", async () => {
  const folder = await Deno.makeTempDir();
  await using file = await FileWriter.open(`${folder}/a`);
  await file.write(new Uint8Array(10));
  await replaceFolder(`${folder}/last`, async (fresh) => {
    assertEquals(await removeLeftovers(folder), nothing);
    await writeFile(`${fresh}/b`, "b");
  });
  await file.finish();
  assertEquals(names(folder), ["a", "last"]);
  assertEquals(names(`${folder}/last`), ["b"]);
});

Deno.test("writeFile() begins anew where its file is taken for left over before it is locked", async () => {
  const folder = await Deno.makeTempDir();
  let cleared = 0;
  await inBetween("open", async (path, open) => {
    await open();
    if (!path.endsWith(".part") || cleared > 0) return;
    cleared++;
    assertEquals(await removeLeftovers(folder), { count: 1, bytes: 0 });
  }, () => writeFile(`${folder}/a`, "a"));
  assertEquals(cleared, 1);
  assertEquals(names(folder), ["a"]);
  assertEquals(await Deno.readTextFile(`${folder}/a`), "a");
});

Deno.test("removeLeftovers() takes files of other names, folders and links for somebody's", async () => {
  const folder = await Deno.makeTempDir();
  const uuid = crypto.randomUUID();
  const kept = [
    ...[`.${uuid}.part.txt`, `${uuid}.part`, ".part", `.${uuid}.new`],
    ...[`.${uuid.slice(1)}.part`, "model.part", "last.new"],
  ];
  for (const name of kept) await Deno.writeTextFile(`${folder}/${name}`, "");
  const other = crypto.randomUUID();
  await Deno.mkdir(`${folder}/.${other}.part`);
  if (!isWindows) {
    await Deno.symlink(folder, `${folder}/.${crypto.randomUUID()}.part`);
  }
  const before = names(folder);
  assertEquals(await removeLeftovers(folder), nothing);
  assertEquals(names(folder), before);
});

Deno.test("removeLeftovers() removes files of versions that named no machine", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/.${crypto.randomUUID()}.part`;
  await Deno.writeTextFile(path, "12345");
  assertEquals(await removeLeftovers(folder), { count: 1, bytes: 5 });
});

Deno.test("removeLeftovers() leaves another machine's files until they rested for a day", async () => {
  const folder = await Deno.makeTempDir();
  // Zeros are a machine that could not read its name.
  for (const machine of ["0123abcd", "00000000"]) {
    const path = `${folder}/.${crypto.randomUUID()}-${machine}.part`;
    await Deno.writeTextFile(path, "12345");
    assertEquals(await removeLeftovers(folder), nothing);
    const past = (hours: number) => new Date(Date.now() - hours * 3_600_000);
    await Deno.utime(path, past(23), past(23));
    assertEquals(await removeLeftovers(folder), nothing);
    await Deno.utime(path, past(25), past(25));
    assertEquals(await removeLeftovers(folder), { count: 1, bytes: 5 });
  }
});

Deno.test("writeFile(), FileWriter and replaceFolder() remove leftovers of their folder", async () => {
  const writers: ((folder: string) => Promise<void>)[] = [
    (folder) => writeFile(`${folder}/a`, "a"),
    async (folder) => {
      await using file = await FileWriter.open(`${folder}/a`);
      await file.finish();
    },
    (folder) => replaceFolder(`${folder}/a`, async () => {}),
  ];
  for (const write of writers) {
    const folder = await Deno.makeTempDir();
    await Deno.writeTextFile(`${folder}/.${crypto.randomUUID()}.part`, "");
    await Deno.mkdir(`${folder}/.${crypto.randomUUID()}.new/deep`, {
      recursive: true,
    });
    await write(folder);
    assertEquals(names(folder), ["a"]);
  }
});

Deno.test("removeLeftovers() does nothing where there is no folder, and words what the system refuses", async () => {
  const folder = await Deno.makeTempDir(), path = `${folder}/none`;
  assertEquals(await removeLeftovers(path), nothing);
  await Deno.writeTextFile(path, "");
  await assertRejects(
    () => removeLeftovers(path),
    FileError,
    `Cannot list folder "${path}": found a file as a folder`,
  );
});
