import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { synthesize, writeKaggle } from "@unet/data";
import { FileError, TrainingError } from "@unet/errors";
import { openRun } from "@unet/train";
import { resumedSettings } from "../settings/resumed_settings.ts";
import type { TrainChoices } from "../settings/train_settings.ts";
import { resumeTraining, train } from "./train.ts";
import type { TrainEvents } from "./train_run.ts";

let folder = "";

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir();
  const drawn = synthesize({ count: 5, width: 64, height: 64, seed: 1 });
  await writeKaggle(drawn, join(folder, "data"));
});

Deno.test.afterAll(async () => {
  await Deno.remove(folder, { recursive: true });
});

const tiny = (name: string, more: TrainChoices = {}): TrainChoices => ({
  data: join(folder, "data"),
  out: join(folder, name),
  ...{ width: 0.05, tile: 64, batch: 2, epochs: 2 },
  ...{ device: "wasm", workers: 0, learningRate: 0.005 },
  ...more,
});

/** Notes the events by name. */
function noted(names: string[]): TrainEvents {
  return {
    onDevice: ({ name }) => void names.push(`device ${name}`),
    onStart: ({ images }) =>
      void names.push(`start ${images.train}+${images.validation}`),
    onStep: ({ epoch, batch }) => void names.push(`step ${epoch}.${batch}`),
    onEpoch: ({ row }) => void names.push(`epoch ${row.epoch}`),
  };
}

Deno.test("train() leaves a run folder and reports in order", async () => {
  const names: string[] = [];
  const state = await train(tiny("whole"), noted(names));
  assertEquals([state.epoch, state.step], [2, 4]);
  assertEquals(names, [
    ...["device wasm", "start 4+1", "step 1.1", "step 1.2", "epoch 1"],
    ...["step 2.1", "step 2.2", "epoch 2"],
  ]);
  const { config, split } = await openRun(join(folder, "whole"));
  assertEquals((config.settings as TrainChoices).learningRate, 0.005);
  assertEquals([split.train.length, split.validation.length], [4, 1]);
});

Deno.test("train() needs no listener, and refuses the folder of a run", async () => {
  await assertRejects(
    () => train(tiny("whole")),
    FileError,
    "found a run there already, expected a new folder",
  );
});

Deno.test("train() ends after the step when aborted; resumeTraining() continues to the same losses", async () => {
  const control = new AbortController();
  const stopped = await train(tiny("part"), {
    signal: control.signal,
    onStep: ({ epoch, batch }) => {
      if (epoch === 1 && batch === 1) control.abort();
    },
  });
  assertEquals([stopped.epoch, stopped.step], [0, 1]);
  const names: string[] = [];
  const state = await resumeTraining(join(folder, "part"), {}, noted(names));
  assertEquals(names.slice(0, 3), [
    ...["device wasm", "start 4+1", "step 1.2"],
  ]);
  const whole = await resumeTraining(join(folder, "whole"));
  const losses = ({ rows }: typeof state) => rows.map(({ loss }) => loss);
  assertEquals(losses(state), losses(whole));
});

Deno.test("resumedSettings() changes what may change, and nothing else", async () => {
  const run = join(folder, "whole");
  const kept = await resumedSettings(run);
  assert(kept.resume);
  const changed = await resumedSettings(run, { epochs: 9, workers: 2 });
  assertEquals(changed, { ...kept, epochs: 9, workers: 2 });
});

Deno.test("train() says what went wrong where numbers are no longer finite", async () => {
  const { message } = await assertRejects(
    () => train(tiny("lost", { learningRate: 1e30, optimizer: "sgd" })),
    TrainingError,
  );
  assert(
    /found loss \w+ in epoch 1, step \d, at learning rate /.test(message),
    message,
  );
  assert(message.includes("`learningRate 0.4`"), message);
});
