import "@tensorflow/tfjs-backend-cpu";
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import * as tf from "@tensorflow/tfjs-core";
import { adam } from "../optimizers/adam.ts";
import { loadCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import { temporaryFolder } from "../fixtures/tiny.ts";
import { trained } from "../fixtures/trained.ts";
import { initialState } from "./training_state.ts";

await tf.setBackend("cpu");

for (
  const [folders, expected] of [
    [{ last: 1, "last.new": "half" }, 1],
    [{ "last.old": 1, "last.new": 2 }, 2],
    [{ last: 2, "last.old": 1 }, 2],
    [{ "last.old": 1 }, 1],
  ] as const
) {
  Deno.test(`loadCheckpoint() finds what a kill left, and changes nothing: ${JSON.stringify(folders)}`, async () => {
    await using folder = await temporaryFolder();
    using source = await trained(adam(), 1);
    for (const [name, step] of Object.entries(folders)) {
      const path = join(folder.path, name);
      await saveCheckpoint(path, source, {
        ...initialState,
        step: Number(step) || 9,
      });
      if (step === "half") await Deno.remove(join(path, "state.json"));
    }
    const state = await loadCheckpoint(
      join(folder.path, "last"),
      source.model,
      source.optimizer,
    );
    assertEquals(state.step, expected);
    assertEquals(
      [...Deno.readDirSync(folder.path)].map(({ name }) => name).sort(),
      Object.keys(folders).sort(),
    );
  });
}

Deno.test("loadCheckpoint() reads one whole checkpoint while others are saved in its place", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "last");
  using source = await trained(adam(), 1);
  using target = await trained(adam(), 0);
  const save = (step: number): Promise<void> =>
    saveCheckpoint(path, source, {
      ...initialState,
      step,
    });
  await save(1);
  let isSaving = true;
  const saving = (async () => {
    for (let step = 2; step <= 40; step++) await save(step);
    isSaving = false;
  })();
  const steps: number[] = [];
  while (isSaving) {
    const { step } = await loadCheckpoint(
      path,
      target.model,
      target.optimizer,
    );
    steps.push(step);
  }
  await saving;
  assertEquals(steps, steps.toSorted((a, b) => a - b));
  assert(new Set(steps).size > 1, `Expected several steps, found ${steps}`);
});
