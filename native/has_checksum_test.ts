import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { hasChecksum } from "./has_checksum.ts";

const content = new TextEncoder().encode("native code");
const sha256 = createHash("sha256").update(content).digest("hex");

async function inFolder(work: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  await Deno.writeFile(`${folder}/lib.so`, content);
  try {
    await work(`${folder}/lib.so`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("hasChecksum() is true for the one file of that checksum", () =>
  inFolder(async (path) => {
    assert(await hasChecksum(path, sha256));
    assert(!await hasChecksum(path, sha256.replace(/.$/, "x")));
    await Deno.writeTextFile(path, "native CODE");
    assert(!await hasChecksum(path, sha256));
  }));

Deno.test("hasChecksum() reads the file again once it has changed, and not before", () =>
  inFolder(async (path) => {
    // The note is written anew, as another file, whenever the library was read.
    const note = async () => (await Deno.stat(`${path}.checked`)).ino;
    assert(await hasChecksum(path, sha256));
    const first = await note();
    assert(await hasChecksum(path, sha256));
    assertEquals(await note(), first);
    await Deno.utime(path, new Date(1000), new Date(1000));
    assert(await hasChecksum(path, sha256));
    assertNotEquals(await note(), first);
  }));

Deno.test("hasChecksum() sees a changed file of the same size and time", () =>
  inFolder(async (path) => {
    assert(await hasChecksum(path, sha256));
    const { mtime } = await Deno.stat(path);
    // The system's own time of a change may have whole seconds alone.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await Deno.writeTextFile(path, "native CODE");
    await Deno.utime(path, mtime!, mtime!);
    assertEquals((await Deno.stat(path)).mtime, mtime);
    assert(!await hasChecksum(path, sha256));
  }));

Deno.test("hasChecksum() believes no note that it did not write", () =>
  inFolder(async (path) => {
    await Deno.writeTextFile(path, "native CODE");
    for (const note of ["", "{", "null", "[".repeat(1e5), `"${sha256}"`]) {
      await Deno.writeTextFile(`${path}.checked`, note);
      assert(!await hasChecksum(path, sha256), note);
    }
  }));

Deno.test("hasChecksum() compares each time where nothing can be noted", () =>
  inFolder(async (path) => {
    // A folder in the note's place: root may write anywhere else.
    await Deno.mkdir(`${path}.checked/x`, { recursive: true });
    assert(await hasChecksum(path, sha256));
    await Deno.writeTextFile(path, "native CODE");
    assert(!await hasChecksum(path, sha256));
  }));
