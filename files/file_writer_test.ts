import { assertEquals, assertRejects } from "@std/assert";
import { FileError } from "@unet/errors";
import { FileWriter } from "./file_writer.ts";

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name);
}

Deno.test("FileWriter writes pieces of any size in order, and replaces what is there", async () => {
  const folder = await Deno.makeTempDir(), path = `${folder}/file`;
  await using file = await FileWriter.open(path);
  const all: number[] = [];
  for (const length of [0, 5, 1 << 18, 7, 400_000, 200_000, 100_000, 3]) {
    const piece = Uint8Array.from({ length }, (_, i) => i * 31 + length);
    for (const byte of piece) all.push(byte);
    await file.write(piece);
    assertEquals(file.length, all.length);
    piece.fill(0);
    if (length === 7) {
      await file.writeAt(3, new Uint8Array([1, 2]));
      all.splice(3, 2, 1, 2);
      assertEquals(
        await file.readAt(1, 90),
        Uint8Array.from(all.slice(1, 91)),
      );
    }
  }
  await file.writeAt(all.length - 1, new Uint8Array([4]));
  await file.writeAt(2, new Uint8Array([6]));
  await file.write(new Uint8Array([9]));
  await file.finish();
  all.splice(-1, 1, 4, 9);
  all[2] = 6;
  assertEquals(await Deno.readFile(path), Uint8Array.from(all));
  assertEquals(names(folder), ["file"]);
});

Deno.test("FileWriter leaves the old file until the new one is finished, and removes an aborted one", async () => {
  const folder = await Deno.makeTempDir(), path = `${folder}/a`;
  await Deno.writeTextFile(path, "old");
  {
    await using file = await FileWriter.open(path);
    await file.write(new Uint8Array(10));
    assertEquals(await Deno.readTextFile(path), "old");
  }
  assertEquals(names(folder), ["a"]);
  assertEquals(await Deno.readTextFile(path), "old");
});

Deno.test("FileWriter refuses to continue after the end, and to replace what is not there", async () => {
  const path = `${await Deno.makeTempDir()}/a`;
  await using file = await FileWriter.open(path, "mask");
  await file.write(new Uint8Array(4));
  await assertRejects(
    () => file.writeAt(3, new Uint8Array(2)),
    RangeError,
    "Cannot replace bytes: found 2 at 3, expected them within 4",
  );
  await assertRejects(
    () => file.readAt(2, 3),
    RangeError,
    "Cannot read back bytes: found 3 at 2, expected them within 4",
  );
  await file.finish();
  for (
    const call of [
      () => file.write(new Uint8Array(1)),
      () => file.writeAt(0, new Uint8Array(1)),
      () => file.readAt(0, 1),
      () => file.finish(),
    ]
  ) {
    await assertRejects(
      call,
      TypeError,
      `Cannot write mask "${path}": found it finished or aborted`,
    );
  }
  await file.abort();
  assertEquals(await Deno.readFile(path), new Uint8Array(4));
});

Deno.test("FileWriter says in words why a place takes no file, and leaves nothing", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/file`, "");
  await assertRejects(
    () => FileWriter.open(`${folder}/file/mask.tif`, "mask"),
    FileError,
    `Cannot write mask "${folder}/file/mask.tif": found a file`,
  );
  await Deno.mkdir(`${folder}/taken`);
  await assertRejects(
    () => FileWriter.open(`${folder}/taken`, "mask"),
    FileError,
    `Cannot write mask "${folder}/taken": found a folder`,
  );
  await using file = await FileWriter.open(`${folder}/late`, "mask");
  await Deno.mkdir(`${folder}/late`);
  await assertRejects(
    () => file.finish(),
    FileError,
    `Cannot write mask "${folder}/late": found a folder`,
  );
  assertEquals(names(folder).sort(), ["file", "late", "taken"]);
});

Deno.test("FileWriter removes its file where the disk is full", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  // A disk of 512 KB, for which the system must let a test make one.
  const folder = await Deno.makeTempDir();
  const code = `import { FileWriter } from ${
    JSON.stringify(import.meta.resolve("./file_writer.ts"))
  };
    const file = await FileWriter.open("${folder}/mask", "mask");
    try {
      for (let i = 0; i < 9; i++) await file.write(new Uint8Array(100_000));
      await file.finish();
    } catch (error) { console.log(error.name + ": " + error.message); }
    console.log([...Deno.readDirSync("${folder}")].length);`;
  const script = `${await Deno.makeTempDir()}/script.ts`;
  await Deno.writeTextFile(script, code);
  const config = new URL("../deno.json", import.meta.url).pathname;
  const { stdout, stderr } = await new Deno.Command("unshare", {
    args: [
      ...["-Urm", "bash", "-c"],
      `mount -t tmpfs -o size=512k none "$0" || exit 99; "$@"`,
      ...[folder, Deno.execPath(), "run", "-q", "--config", config],
      ...["--allow-read", "--allow-write", script],
    ],
  }).output();
  const said = new TextDecoder().decode(stdout);
  if (said === "") {
    // deno-lint-ignore no-console
    console.log(
      `skipped: no small disk can be mounted here (${
        new TextDecoder().decode(stderr)
      })`,
    );
    return;
  }
  assertEquals(
    said,
    `FileError: Cannot write mask "${folder}/mask": found a full disk\n0\n`,
  );
});
