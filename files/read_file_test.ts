import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { FileError } from "@unet/errors";
import { Buffer } from "node:buffer";
import { readFile, readStart, readTextFile } from "./read_file.ts";

const folder = await Deno.makeTempDir();

Deno.test("readFile() gives the bytes of a file, empty ones too", async () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  await Deno.writeFile(`${folder}/bytes`, bytes);
  await Deno.writeFile(`${folder}/empty`, new Uint8Array());
  assertEquals(await readFile(`${folder}/bytes`), bytes);
  assertEquals(await readFile(`${folder}/empty`), new Uint8Array());
});

Deno.test("readStart() gives as many bytes as it is asked for, or all there are", async () => {
  const path = `${await Deno.makeTempDir()}/bytes`;
  await Deno.writeFile(path, new Uint8Array([1, 2, 3]));
  assertEquals(await readStart(path, 2), new Uint8Array([1, 2]));
  assertEquals(await readStart(path, 9), new Uint8Array([1, 2, 3]));
  assertEquals(await readStart(path, 0), new Uint8Array());
  const { message } = await assertRejects(
    () => readStart(`${path}.none`, 2, "model"),
    FileError,
  );
  assertEquals(
    message,
    `Cannot read model "${path}.none": found no such file or folder`,
  );
});

Deno.test("readFile() says what is missing, and keeps the cause", async () => {
  const path = `${folder}/none.png`;
  const error = await assertRejects(() => readFile(path, "image"), FileError);
  assertEquals(
    error.message,
    `Cannot read image "${path}": found no such file or folder`,
  );
  assertInstanceOf(error.cause, Deno.errors.NotFound);
});

Deno.test("readFile() says that it was given a folder", {
  ignore: Deno.build.os === "windows",
}, async () => {
  const error = await assertRejects(() => readFile(folder), FileError);
  assertEquals(error.message, `Cannot read file "${folder}": found a folder`);
});

Deno.test("readTextFile() reads UTF-8", async () => {
  await Deno.writeTextFile(`${folder}/text`, "Zellkern 細胞 🔬\n");
  assertEquals(await readTextFile(`${folder}/text`), "Zellkern 細胞 🔬\n");
});

Deno.test("readTextFile() refuses bytes that are not UTF-8", async () => {
  const path = `${folder}/latin1`;
  await Deno.writeFile(path, new Uint8Array([0x5a, 0xe4, 0x68]));
  const error = await assertRejects(
    () => readTextFile(path, "configuration"),
    FileError,
  );
  assertEquals(
    error.message,
    `Cannot read configuration "${path}": found bytes that are not text, expected UTF-8`,
  );
  assertInstanceOf(error.cause, TypeError);
});

Deno.test("readFile() reads a large file as it is", async () => {
  const path = await Deno.makeTempFile();
  const bytes = new Uint8Array(2 ** 24 + 2 ** 23 + 5);
  for (let at = 0; at < bytes.length; at += 997) bytes[at] = at % 251;
  await Deno.writeFile(path, bytes);
  const read = await readFile(path);
  assertEquals(read.length, bytes.length);
  assertEquals(Buffer.compare(read, bytes), 0);
  await Deno.remove(path);
});

Deno.test(
  "readFile() refuses a device, which has no end",
  { ignore: Deno.build.os === "windows" },
  async () => {
    await assertRejects(
      () => readFile("/dev/zero", "model"),
      FileError,
      'Cannot read model "/dev/zero": found a device, expected a file',
    );
  },
);
