import { assert, assertEquals, assertRejects } from "@std/assert";
import { FileError } from "@unet/errors";
import { join } from "@std/path";
import { joinOthers, type OtherFile, OtherFiles } from "./other_files.ts";

/** A folder with two files beside an image. */
async function inFolder(
  work: (
    input: string,
    write: (name: string, content: string, seconds?: number) => Promise<void>,
  ) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const write = async (name: string, content: string, seconds = 1000) => {
    await Deno.writeTextFile(join(folder, name), content);
    await Deno.utime(join(folder, name), seconds, seconds);
  };
  try {
    await write("b", "second");
    await write("c", "third");
    await work(join(folder, "a"), write);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("OtherFiles says what files beside an image are like", () =>
  inFolder(async (input) => {
    const [b, c] = await new OtherFiles().describe(input, ["b", "c"]);
    assertEquals([b!.name, b!.size, b!.modified], ["b", 6, 1_000_000]);
    // sha256sum of "second".
    assertEquals(b!.hash.slice(0, 16), "16367aacb67a4a01");
    assert(c!.hash !== b!.hash);
    await assertRejects(
      () => new OtherFiles().describe(input, ["d"]),
      FileError,
    );
  }));

Deno.test("OtherFiles hashes a file again where it changed meanwhile", () =>
  inFolder(async (input, write) => {
    const files = new OtherFiles();
    const [before] = await files.describe(input, ["b"]);
    await write("b", "SECOND", 2000);
    const [after] = await files.describe(input, ["b"]);
    assert(before!.hash !== after!.hash);
    assertEquals(after!.modified, 2_000_000);
  }));

Deno.test("OtherFiles compares by size and time, and by content where the time alone differs", () =>
  inFolder(async (input, write) => {
    const before = await new OtherFiles().describe(input, ["b", "c"]);
    const compare = () => new OtherFiles().compare(input, before);
    assertEquals(await compare(), { others: before });
    await write("c", "third", 2000);
    assertEquals(await compare(), {
      others: [before[0]!, { ...before[1]!, modified: 2_000_000 }],
    });
    await write("c", "THIRD", 2000);
    assertEquals(await compare(), { changed: "c" });
    await write("b", "longer than it was");
    assertEquals(await compare(), { changed: "b" });
    await write("b", "second");
    await Deno.remove(join(input, "..", "c"));
    assertEquals(await compare(), { changed: "c" });
  }));

Deno.test("joinOthers() joins what agrees", () => {
  const file = (name: string, hash: string): OtherFile => ({
    ...{ name, hash, size: 1, modified: 1 },
  });
  const [a, b, changed] = [file("a", "1"), file("b", "2"), file("a", "3")];
  assertEquals(joinOthers(undefined, [a]), [a]);
  assertEquals(joinOthers([a], [a, b]), [a, b]);
  assertEquals(joinOthers([a, b]), [a, b]);
  assertEquals(joinOthers([a], [b, changed]), undefined);
});
