import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { FileError } from "@unet/errors";
import { hashFile, Manifest } from "@unet/infer/batch";
import {
  assertDone,
  assertPlain,
  createPlace,
  faultOf,
  type Place,
} from "./_unet.ts";

let place: Place;

Deno.test.beforeEach(async () => {
  place = await createPlace();
});

Deno.test.afterEach(async () => {
  await place[Symbol.asyncDispose]();
});

/** Leaves what a shard leaves that did some files and failed at others. */
async function runShard(
  out: string,
  index: number,
  { names = [] as string[], failing = [] as string[], threshold = 0.5 } = {},
): Promise<void> {
  await Deno.mkdir(place.at(out), { recursive: true });
  using manifest = await Manifest.open(place.at(out), {
    settings: { threshold },
    model: "0123456789abcdef",
    files: names.length + failing.length,
    shard: { index, count: 2 },
  });
  for (const name of names) {
    const file = {
      ...{ name, input: place.at(name), outputs: [`${name}.png`] },
    };
    await Deno.writeTextFile(file.input, name);
    await manifest.start(file);
    await Deno.writeTextFile(place.at(out, `${name}.png`), "a mask");
    const { hash, ...stamp } = await hashFile(file.input);
    const counts = { nuclei: 1200 };
    await manifest.finish(file, { stamp, hash, counts, seconds: 2 });
  }
  for (const name of failing) {
    const file = { name, input: name, outputs: [`${name}.png`] };
    await manifest.fail(
      file,
      new FileError(`Cannot read image "${name}": found x`),
    );
  }
  await manifest.end();
}

Deno.test("merge prints what became of the batch, and writes it", async () => {
  await runShard("out", 1, { names: ["a", "b"] });
  await runShard("out", 2, { names: ["c"] });
  const ended = await place.unet(["merge", "out"]);
  assertDone(ended);
  assertEquals(ended.stdout.split("\n"), [
    "Manifest                   Done  Failed  Unfinished  Seconds  Ended",
    "out/manifest-1-of-2.jsonl     2       0           0      4.0  yes",
    "out/manifest-2-of-2.jsonl     1       0           0      2.0  yes",
    "",
    "3 files: 3 done, 0 failed, 0 unfinished; 6.0 s",
    "nuclei: 3,600",
    "Wrote out/manifest.jsonl and out/summary.json",
    "",
  ]);
  const summary = JSON.parse(
    Deno.readTextFileSync(place.at("out/summary.json")),
  );
  assertEquals([summary.files, summary.counts], [3, { nuclei: 3600 }]);
  const json = await place.unet(["merge", "out", "--json"]);
  assertDone(json);
  assertEquals(JSON.parse(json.stdout), summary);
});

Deno.test("merge says what keeps the batch from being whole, and exits with 1", async () => {
  await runShard("one", 1, { names: ["a"], failing: ["b\n"] });
  const ended = await place.unet(["merge", "one", "--out", "all"]);
  assertPlain(ended);
  assertEquals(ended.code, 1);
  assertEquals(ended.stderr.trimEnd().split("\n"), [
    "Missing: no manifest of shard 2/2",
    'Failed: b\\u000a: Cannot read image "b\\u000a": found x',
  ]);
  await runShard("two", 2, { names: ["a"], threshold: 0.7 });
  using cut = await Manifest.open(place.at("two"), {
    ...{ settings: { threshold: 0.7 }, model: "0123456789abcdef", files: 1 },
    shard: { index: 2, count: 2 },
  });
  cut.start({ name: "z", input: "z", outputs: ["z.png"] });
  const both = await place.unet(["merge", "one", "two", "--out", "all"]);
  assertPlain(both);
  assertEquals(both.code, 1);
  const lines = both.stderr.trimEnd().split("\n");
  assertEquals(lines.length, 4, both.stderr);
  assertEquals(
    lines[0],
    "Not ended: two/manifest-2-of-2.jsonl; run that shard again, it skips " +
      "finished images",
  );
  assertEquals(lines[1], "Unfinished: 1 file; run its shard again");
  assertMatch(lines[2]!, /^Conflict: a has different setup and outputs in one/);
  assertStringIncludes(lines[3]!, "Failed: b");
});

Deno.test("merge distinguishes shards of different settings", async () => {
  await runShard("out", 1, { names: ["a"] });
  await runShard("out", 2, { names: ["b"], threshold: 0.7 });
  const ended = await place.unet(["merge", "out"]);
  assertPlain(ended);
  assertEquals(ended.code, 1);
  assertMatch(
    ended.stderr,
    /^Different settings or models: 1 file with [0-9a-f]{16}, 1 file with [0-9a-f]{16}; summary.json lists them\n$/,
  );
});

Deno.test("merge refuses a folder without manifests", async () => {
  await Deno.mkdir(place.at("empty"));
  assertEquals(
    faultOf(await place.unet(["merge", "empty"])),
    'Cannot merge folder "empty": found no manifest in it, expected an output ' +
      "folder of unet segment",
  );
});
