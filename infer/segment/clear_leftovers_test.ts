import { assert, assertEquals } from "@std/assert";
import { encodePng } from "@unet/data";
import { FileWriter, writeFile } from "@unet/files";
import { holdLock } from "@unet/files";
import { segment } from "./segment.ts";
import type { SegmentOptions } from "./segment_options.ts";

const data = new Uint8Array([255, 0, 0, 0]);
const png = await encodePng({
  width: 2,
  height: 2,
  channels: 1,
  depth: 8,
  data,
});

/** Segments images by their brightness. */
async function run(
  inputs: string,
  out: string,
  names: string[],
  options: Partial<SegmentOptions> = {},
) {
  for (const name of names) await writeFile(`${inputs}/${name}.png`, png);
  const report = await segment([inputs], {
    predict: (x) => Promise.resolve(x.filter((_, index) => index % 3 === 0)),
    out,
    ...options,
  });
  assertEquals(report.failed, 0);
}

function filesBelow(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory
      ? filesBelow(`${folder}/${name}`).map((each) => `${name}/${each}`)
      : [name]
  ).sort();
}

Deno.test("segment() removes what killed runs left in its output folders, and nothing of a run that is at work", async () => {
  const place = await Deno.makeTempDir(), out = `${place}/out`;
  await run(`${place}/one`, out, ["a/1", "b/2"]);
  const left = (): string => `.${crypto.randomUUID()}.part`;
  for (const folder of ["", "a/", "b/", "c/"]) {
    await writeFile(`${out}/${folder}${left()}`, "half");
  }
  await using other = await FileWriter.open(`${out}/b/other.png`);
  await other.write(new Uint8Array(100));
  // Other inputs: what lies in a/ and b/ is known from the manifest.
  await run(`${place}/two`, out, ["c/3"]);
  const names = filesBelow(out);
  assertEquals(
    names.filter((name) => !name.includes("/.")),
    ["a/1.png", "b/2.png", "c/3.png", "manifest.jsonl"],
  );
  assertEquals(names.filter((name) => name.includes("/.")).length, 1);
  await other.finish();
  assertEquals(await Deno.readFile(`${out}/b/other.png`), new Uint8Array(100));
});

const rows = ["state.json", "0.band", "256.band"];

async function leave(folder: string, names = rows): Promise<void> {
  for (const name of names) await writeFile(`${folder}/${name}`, "{}");
}

const foldersIn = (path: string): string[] =>
  [...Deno.readDirSync(path)].flatMap(({ name }) =>
    name.endsWith(".partial") ? [name] : []
  ).sort();

Deno.test("segment() removes the rows of large images that killed runs left, and nothing else", async () => {
  const place = await Deno.makeTempDir(), out = `${place}/out`;
  await leave(`${out}/.killed.partial`);
  await leave(`${out}/a/.1.partial`);
  await leave(`${out}/.unfinished.partial`, [`.${crypto.randomUUID()}.part`]);
  await leave(`${out}/.foreign.partial`, ["state.json", "thesis.txt"]);
  await leave(`${out}/.living.partial`);
  await leave(`${out}/.elsewhere.partial`);
  const since = new Date().toISOString();
  await writeFile(
    `${out}/.elsewhere.partial/.lock.json`,
    JSON.stringify({ process: 1, host: "another machine", since }),
  );
  const living = await holdLock(`${out}/.living.partial/.lock`);
  assert("lock" in living);
  await run(`${place}/in`, out, ["a/1", "b"]);
  const kept = [".elsewhere.partial", ".foreign.partial", ".living.partial"];
  assertEquals(foldersIn(out), kept);
  assertEquals(foldersIn(`${out}/a`), []);
  living.lock[Symbol.dispose]();
  await run(`${place}/in`, out, ["b"]);
  assertEquals(foldersIn(out), kept.slice(0, 2));
});

Deno.test("segment() keeps the rows of images that are not finished where it resumes", async () => {
  const place = await Deno.makeTempDir(), out = `${place}/out`;
  await run(`${place}/in`, out, ["done"]);
  await leave(`${out}/.done.partial`);
  await leave(`${out}/.other.partial`);
  await run(`${place}/in`, out, ["done"], { resume: true });
  assertEquals(foldersIn(out), [".other.partial"]);
});

Deno.test("segment() holds the rows of an image while they are made", async () => {
  const place = await Deno.makeTempDir(), out = `${place}/out`;
  const large = { width: 8, height: 40, channels: 1, depth: 8 } as const;
  const data = new Uint8Array(320).map((_, at) => at);
  await writeFile(`${place}/in.png`, await encodePng({ ...large, data }));
  const found: boolean[] = [];
  await segment([`${place}/in.png`], {
    async predict(x) {
      const isThere = foldersIn(out).length > 0;
      const lock = `${out}/.in.partial/.lock`;
      if (isThere) found.push("holder" in await holdLock(lock));
      return x.filter((_, index) => index % 3 === 0);
    },
    ...{ out, streamAbove: 0, batchSize: 1 },
    settings: { tile: 8, margin: 0 },
  });
  assert(found.length > 0 && found.every(Boolean), found.join());
  assertEquals(foldersIn(out), []);
});

Deno.test("segment() fails only the images whose folder is a file", async () => {
  const place = await Deno.makeTempDir(), out = `${place}/out`;
  await writeFile(`${out}/a`, "no folder");
  for (const name of ["a/1", "b/2"]) {
    await writeFile(`${place}/in/${name}.png`, png);
  }
  const report = await segment([`${place}/in`], {
    predict: (x) => Promise.resolve(x.filter((_, index) => index % 3 === 0)),
    out,
  });
  assertEquals([report.segmented, report.failed], [1, 1]);
  assertEquals(await Deno.readTextFile(`${out}/a`), "no folder");
});
