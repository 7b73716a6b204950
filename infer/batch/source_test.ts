import { assert, assertEquals, assertRejects } from "@std/assert";
import { FileError } from "@unet/errors";
import { createHash } from "node:crypto";
import { assertUnchanged, hashFile, readStamp } from "./source.ts";

async function inFile(
  content: Uint8Array | string,
  work: (path: string) => Promise<void>,
): Promise<void> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeFile(
      path,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
    await work(path);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

Deno.test("hashFile() gives the SHA-256 that the standard gives, and size and time", async () => {
  await inFile("abc", async (path) => {
    const time = new Date("2026-01-31T12:00:00.250Z");
    await Deno.utime(path, time, time);
    assertEquals(await hashFile(path), {
      size: 3,
      modified: time.getTime(),
      // FIPS 180-2, B.1
      hash: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    });
    assertEquals(await readStamp(path), { size: 3, modified: time.getTime() });
  });
});

Deno.test("hashFile() hashes more than it holds at once", async () => {
  const bytes = Uint8Array.from({ length: 3_000_001 }, (_, at) => at % 251);
  await inFile(bytes, async (path) => {
    const { hash, size } = await hashFile(path);
    assertEquals(size, bytes.length);
    assertEquals(hash, createHash("sha256").update(bytes).digest("hex"));
  });
});

Deno.test("hashFile() refuses a file that is replaced while it is read", async () => {
  await inFile(new Uint8Array(50_000_000), async (path) => {
    const hashing = hashFile(path);
    await Deno.writeTextFile(`${path}.new`, "another");
    await Deno.rename(`${path}.new`, path);
    await assertRejects(
      () => hashing,
      FileError,
      `Cannot read image "${path}": found a file that changed while it was ` +
        "read; segment it again once it is complete",
    );
  });
});

Deno.test("hashFile() ends when its signal is aborted", async () => {
  await inFile(new Uint8Array(3_000_000), async (path) => {
    const reason = new Error("Ctrl-C");
    const error = await hashFile(path, AbortSignal.abort(reason))
      .catch((error) => error);
    assert(error === reason);
  });
});

Deno.test("assertUnchanged() refuses a file that grew, was touched or is gone", async () => {
  await inFile("abc", async (path) => {
    const stamp = await readStamp(path);
    await assertUnchanged(path, stamp);
    await Deno.utime(path, 1, 1);
    await assertRejects(
      () => assertUnchanged(path, stamp),
      FileError,
      "found a file that changed while it was read",
    );
    await assertUnchanged(path, await readStamp(path));
    await Deno.writeTextFile(path, "d", { append: true });
    await Deno.utime(path, 1, 1);
    await assertRejects(
      () => assertUnchanged(path, { ...stamp, modified: 1000 }),
      FileError,
    );
    const gone = { ...stamp };
    await assertRejects(
      () => assertUnchanged(`${path}.gone`, gone),
      FileError,
      `Cannot read image "${path}.gone": found no such file or folder`,
    );
  });
});

Deno.test("readStamp() and hashFile() refuse a folder", async () => {
  const folder = await Deno.makeTempDir();
  for (const call of [readStamp, hashFile]) {
    await assertRejects(
      () => call(folder),
      FileError,
      `Cannot read image "${folder}": found a folder`,
    );
  }
});

Deno.test("hashFile() and readStamp() look at all files of an OME-Zarr but its labels", async () => {
  const folder = await Deno.makeTempDir();
  const root = `${folder}/a.zarr`;
  try {
    await Deno.mkdir(`${root}/0`, { recursive: true });
    await Deno.writeTextFile(`${root}/.zgroup`, '{"zarr_format":2}');
    await Deno.writeTextFile(`${root}/0/0.0`, "pixels");
    const before = await hashFile(root);
    assertEquals(before.size, 23);
    await assertUnchanged(root, before);
    await Deno.mkdir(`${root}/labels`);
    await Deno.writeTextFile(`${root}/labels/.zgroup`, "later");
    await assertUnchanged(root, before);
    assertEquals(await hashFile(root), before);
    await Deno.writeTextFile(`${root}/0/0.0`, "others");
    const after = await hashFile(root);
    assertEquals(after.size, before.size);
    assert(after.hash !== before.hash);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
