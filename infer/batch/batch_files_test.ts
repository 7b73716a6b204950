import { assertEquals, assertRejects } from "@std/assert";
import { FileError } from "@unet/errors";
import { BatchFiles } from "./batch_files.ts";
import { Manifest, type ManifestOptions } from "./manifest.ts";
import { type ManifestContent, readManifest } from "./read_manifest.ts";

const setup = { settings: {}, model: "0123", files: 0 };

/** An output folder, and how a run writes a file of the whole batch there. */
async function inFolder(
  work: (
    out: string,
    write: (
      content: string,
      options?: Partial<ManifestOptions> & { isKilled?: boolean },
    ) => Promise<void>,
  ) => Promise<void>,
): Promise<void> {
  const out = await Deno.realPath(await Deno.makeTempDir());
  try {
    await work(out, async (content, { isKilled = false, ...options } = {}) => {
      using manifest = await Manifest.open(out, { ...setup, ...options });
      await manifest.batchFiles.write("table.csv", async (path) => {
        await Deno.writeTextFile(path, content);
        if (isKilled) throw new FileError("killed here");
      });
    });
  } finally {
    await Deno.remove(out, { recursive: true });
  }
}

Deno.test("BatchFiles writes a file anew, and no other program's nor a changed one", () =>
  inFolder(async (out, write) => {
    const path = `${out}/table.csv`;
    await Deno.writeTextFile(path, "my own");
    const foreign = await assertRejects(() => write("ours"), FileError);
    assertEquals(
      foreign.message,
      `Cannot write output "${path}": found a file of that name; move it away, ` +
        "or use `force` to replace it",
    );
    assertEquals(await Deno.readTextFile(path), "my own");
    await Deno.remove(path);
    await write("ours");
    await write("ours again");
    assertEquals(await Deno.readTextFile(path), "ours again");
    await Deno.writeTextFile(path, "ours, with notes");
    await assertRejects(
      () => write("new"),
      FileError,
      "found a file that was changed since this program wrote it",
    );
    await write("forced", { force: true });
    assertEquals(await Deno.readTextFile(path), "forced");
  }));

Deno.test("BatchFiles replaces a file that a killed run had begun, also another shard's", () =>
  inFolder(async (out, write) => {
    const path = `${out}/table.csv`;
    await assertRejects(() => write("half", { isKilled: true }), FileError);
    assertEquals(await Deno.readTextFile(path), "half");
    await write("whole", { shard: { index: 1, count: 2 } });
    assertEquals(await Deno.readTextFile(path), "whole");
  }));

Deno.test("BatchFiles without a manifest checks, and writes nothing", () =>
  inFolder(async (out, write) => {
    await write("ours");
    const content = await readManifest(`${out}/manifest.jsonl`);
    const files = new BatchFiles(out, [content]);
    await files.check("table.csv");
    await Deno.writeTextFile(`${out}/other.csv`, "my own");
    await assertRejects(() => files.check("other.csv"), FileError);
    await assertRejects(
      () => files.write("table.csv", () => Promise.resolve()),
      TypeError,
      "found no manifest",
    );
  }));

Deno.test("BatchFiles takes a file for half written that one manifest began when another wrote it", () =>
  inFolder(async (out) => {
    await Deno.writeTextFile(`${out}/table.csv`, "half");
    const at = "2026-01-31T12:00:00.000Z";
    const contentOf = (size?: number): ManifestContent => ({
      ...{ path: "", isMerged: false, runs: [], ended: true, faults: [] },
      ...{ files: new Map(), wholeBytes: 0, torn: "" },
      batchFiles: new Map([["table.csv", { at, ...size ? { size } : {} }]]),
    });
    for (const sizes of [[10, undefined], [undefined, 10]]) {
      const files = new BatchFiles(out, sizes.map(contentOf));
      await files.check("table.csv");
    }
    const written = new BatchFiles(out, [contentOf(9), contentOf(10)]);
    await assertRejects(() => written.check("table.csv"), FileError, "changed");
  }));
