import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { synthesize, writeKaggle } from "@unet/data";
import { UsageError } from "@unet/errors";
import { openRun } from "@unet/train";
import { study, type StudyChoices } from "./study.ts";

let folder = "";

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir();
  const drawn = synthesize({ count: 4, width: 32, height: 32, seed: 1 });
  await writeKaggle(drawn, join(folder, "data"));
});

Deno.test.afterAll(async () => {
  await Deno.remove(folder, { recursive: true });
});

const choices = (): StudyChoices => ({
  out: join(folder, "study"),
  ...{ trials: 2, sampler: "random", pruner: "none" },
  space: { batch: { kind: "categorical", choices: [1, 2] } },
  fixed: {
    ...{ data: join(folder, "data"), width: 0.02, tile: 32, epochs: 1 },
    ...{ device: "wasm", workers: 0, lr: 0.005 },
  },
});

Deno.test("study() tries settings in run folders of their own, and continues where it was left", async () => {
  const changes: number[] = [];
  const first = await study({ ...choices(), trials: 1 }, {
    onChange: ({ trials }) => void changes.push(trials.length),
  });
  assertEquals(first.trials.map(({ state }) => state), ["complete"]);
  assert(changes.length > 0);
  const both = await study(choices());
  assertEquals(both.trials.length, 2);
  for (const { number, params } of both.trials) {
    const run = await openRun(
      join(folder, "study", `trial-${String(number).padStart(4, "0")}`),
    );
    assertEquals(
      (run.config.settings as { batch: number }).batch,
      params.batch,
    );
  }
});

Deno.test("study() refuses settings that no training has", async () => {
  await assertRejects(
    () => study({ ...choices(), fixed: { epoch: 3 } }),
    UsageError,
    'Cannot use setting "epoch": found no such setting in fixed',
  );
});
