import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { exportModel } from "@unet/app";
import { synthesize, writeKaggle } from "@unet/data";
import { runBench } from "./run_bench.ts";

let folder = "";

/** Five drawn images: three to draw from, and two to score. */
Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir();
  const drawn = synthesize({ count: 5, width: 64, height: 64, seed: 0 });
  await writeKaggle(drawn, join(folder, "cells"));
  const entries = await Array.fromAsync(Deno.readDir(join(folder, "cells")));
  const [a, b, c, d, e] = entries.map(({ name }) => name).sort();
  const roles = { cells: { finetune: [a, b, c], watched: [d, e] } };
  await Deno.writeTextFile(join(folder, "roles.json"), JSON.stringify(roles));
  // A trained model has no threshold of its own, which scores depend on.
  await exportModel({
    ...{ model: "nuclei", format: "safetensors", threshold: 0.5 },
    out: join(folder, "plain.safetensors"),
  });
});

Deno.test.afterAll(async () => {
  await Deno.remove(folder, { recursive: true });
});

/** Trains for a step per epoch from the published model. */
const bench = (flags: string, trains: string) =>
  runBench([
    ...["finetune", "--data", join(folder, "cells"), "--threads", "1"],
    ...["--roles", join(folder, "roles.json"), "--device", "wasm"],
    ...flags.split(" "),
    ...["--", "--epochs", "1", "--tiles-per-epoch", "2", "--batch", "2"],
    ...["--tile", "64", "--batch-norm-batches", "0", "--workers", "0"],
    ...trains.split(" ").filter((word) => word !== ""),
  ]);

Deno.test("a model is scored before and after training on drawn images, printed and stored", async () => {
  const file = join(folder, "results.json");
  const { code, stdout, stderr } = await bench(
    `--images 2,4 --draws 2 --out ${file}`,
    "--lr 0.001",
  );
  assertEquals(code, 0, stderr);
  assertMatch(stderr, /^Left out: 4 images of cells, which has 3 of role /m);
  assertMatch(stderr, /^cells, 2 images, draw 2: F1 0\.\d+ → 0\.\d+, AP50 /m);
  assertMatch(stdout, /^model nuclei, train --recipe finetune .*--lr 0\.001 /m);
  assertMatch(stdout, /^cells +2 +2( +[\d.–]+){7}$/m);
  const { runs, results } = JSON.parse(await Deno.readTextFile(file));
  assertEquals(results.length, 1);
  const [first, second] = runs;
  assertEquals([runs.length, first.ids.length], [2, 2]);
  assertEquals(first.before, second.before);
  assertEquals([first.before.images, first.after.images], [2, 2]);
  // A step moves the weights, and each draw by its own seed.
  assert(first.after.f1 !== first.before.f1);
  assert(first.after.f1 !== second.after.f1);

  // A third draw alone is trained; other settings have no place in the table.
  const more = `--images 2 --draws 3 --resume --out ${file}`;
  const resumed = await bench(more, "--lr 0.001");
  assertEquals(resumed.code, 0, resumed.stderr);
  assertMatch(resumed.stderr, /^cells, 2 images, draw 3: .*\n$/);
  const { runs: all } = JSON.parse(await Deno.readTextFile(file));
  assertEquals([all.length, all.slice(0, 2)], [3, runs]);
  const other = await bench(more, "--lr 0.002");
  assertEquals(other.code, 2);
  assertMatch(
    other.stderr,
    /Cannot resume results "results\.json": found flags/,
  );
});

Deno.test("a rate of 0 leaves the model's scores as they were", async () => {
  const { code, stdout, stderr } = await bench(
    `--images 1 --draws 1 --json --model ${join(folder, "plain.safetensors")}`,
    "--lr 0 --batch-norm frozen",
  );
  assertEquals(code, 0, stderr);
  const [run] = JSON.parse(stdout);
  assertEquals(run.after, run.before);
});

Deno.test("a training that cannot start ends the benchmark with its own words", async () => {
  const { code, stdout, stderr } = await bench(
    "--images 1 --draws 1",
    "--patience 2",
  );
  assertEquals([code, stdout], [2, ""]);
  assertMatch(stderr, /Cannot use .*patience.*--validation 0/);
});
