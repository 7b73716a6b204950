import { assert, assertEquals, assertRejects } from "@std/assert";
import { FileError } from "@unet/errors";
import { hashFile } from "./source.ts";
import { Manifest } from "./manifest.ts";
import { mergeFolders } from "./merge_folders.ts";
import { readManifest } from "./read_manifest.ts";

const setup = { settings: { threshold: 0.5 }, model: "0123", files: 1 };

async function inFolder(
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Does one file as a shard does. */
async function runShard(
  folder: string,
  out: string,
  name: string,
  index: number,
): Promise<void> {
  await Deno.mkdir(`${folder}/${out}`, { recursive: true });
  await Deno.writeTextFile(`${folder}/${name}`, name);
  const file = { name, input: `${folder}/${name}`, outputs: [`${name}.png`] };
  const shard = { index, count: 2 };
  using manifest = await Manifest.open(`${folder}/${out}`, { ...setup, shard });
  await manifest.start(file);
  await Deno.writeTextFile(`${folder}/${out}/${name}.png`, "a mask");
  const { hash, ...stamp } = await hashFile(file.input);
  await manifest.finish(file, { stamp, hash, counts: {}, seconds: 1 });
  await manifest.end();
}

Deno.test("mergeFolders() merges shards of one folder into one that a rerun goes by", async () => {
  await inFolder(async (folder) => {
    await runShard(folder, "out", "a", 1);
    await runShard(folder, "out", "b", 2);
    const out = `${folder}/out`;
    for (let times = 0; times < 2; times++) {
      const merge = await mergeFolders([out], out);
      assertEquals(merge.manifest, `${out}/manifest.jsonl`);
      assertEquals([merge.summary.done, merge.summary.repeated], [2, 0]);
      assertEquals(merge.summary.manifests.length, 2);
      assertEquals(
        JSON.parse(await Deno.readTextFile(`${out}/summary.json`)),
        merge.summary,
      );
    }
    for (const shard of [1, 2]) {
      await Deno.remove(`${out}/manifest-${shard}-of-2.jsonl`);
    }
    using manifest = await Manifest.open(out, setup);
    const outputs = ["a.png"];
    const file = { name: "a", input: `${folder}/a`, outputs };
    assert((await manifest.check(file)).done);
  });
});

Deno.test("mergeFolders() merges folders into another, with outputs' paths from there", async () => {
  await inFolder(async (folder) => {
    await runShard(folder, "one", "a", 1);
    await runShard(folder, "two", "b", 2);
    const out = `${folder}/all/of/it`;
    const { manifest, summary } = await mergeFolders(
      [`${folder}/one`, `${folder}/two`],
      out,
    );
    assertEquals([summary.files, summary.done], [2, 2]);
    const { files, ended } = await readManifest(manifest);
    assert(ended);
    const paths = [...files.values()]
      .flatMap(({ done }) => done!.outputs.map(({ path }) => path));
    assertEquals(paths, ["../../../one/a.png", "../../../two/b.png"]);
    for (const path of paths) await Deno.stat(`${out}/${path}`);
  });
});

Deno.test("mergeFolders() keeps what the merged manifest said of shards that are gone", async () => {
  await inFolder(async (folder) => {
    const out = `${folder}/out`;
    await runShard(folder, "out", "a", 1);
    await mergeFolders([out], out);
    await Deno.remove(`${out}/manifest-1-of-2.jsonl`);
    await runShard(folder, "out", "b", 2);
    const { summary } = await mergeFolders([out], out);
    assertEquals(summary.files, 2);
  });
});

Deno.test("mergeFolders() refuses a folder without manifests, and writes nothing then", async () => {
  await inFolder(async (folder) => {
    await runShard(folder, "one", "a", 1);
    await Deno.mkdir(`${folder}/two`);
    for (const other of ["two", "none"]) {
      await assertRejects(
        () =>
          mergeFolders(
            ["one", other].map((name) => `${folder}/${name}`),
            `${folder}/all`,
          ),
        FileError,
        `Cannot merge folder "${folder}/${other}": found no manifest in it, ` +
          "expected an output folder of unet segment",
      );
    }
    await assertRejects(() => Deno.stat(`${folder}/all`), Deno.errors.NotFound);
  });
});

Deno.test("mergeFolders() refuses to replace a manifest that a process writes", async () => {
  await inFolder(async (folder) => {
    await runShard(folder, "out", "a", 1);
    using _manifest = await Manifest.open(`${folder}/out`, setup);
    await assertRejects(
      () => mergeFolders([`${folder}/out`], `${folder}/out`),
      FileError,
      `found process ${Deno.pid} on `,
    );
  });
});
