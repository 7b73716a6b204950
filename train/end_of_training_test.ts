import "@tensorflow/tfjs-backend-cpu";
import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import * as fc from "fast-check";
import { endOfTraining } from "./end_of_training.ts";
import { tinyLoader } from "./fixtures/tiny.ts";
import { trainerOf } from "./fixtures/trainer_of.ts";
import { initialState } from "./run/training_state.ts";
import { constant } from "./schedules/constant.ts";

await tf.setBackend("cpu");

/** A training that changes nothing, so that only its first epoch is a best. */
function still(options: Parameters<typeof trainerOf>[0] = {}) {
  return trainerOf({
    epochs: 9,
    scheduler: constant({ learningRate: 0 }),
    batchNormBatches: 2,
    // Averages over all tiles in any order differ by rounding alone.
    trainDataloader: tinyLoader({ tiles: 2 }),
    ...options,
  });
}

Deno.test("Trainer with patience ends as many epochs after its best as that", async () => {
  for (const patience of [1, 3]) {
    const state = await still({ patience }).fit();
    assertEquals([state.epoch, state.best!.epoch], [1 + patience, 1]);
  }
});

Deno.test("Trainer counts patience from the start where that was scored best", async () => {
  const start = { patience: 2, scoreStart: true };
  const scored = await still({ ...start, epochs: 1 }).fit();
  const state = await still({
    ...start,
    // Nothing beats a perfect start.
    state: { ...scored, epoch: 1, best: { epoch: 0, f1: 1 } },
  }).fit();
  assertEquals([state.epoch, state.best], [2, { epoch: 0, f1: 1 }]);
});

Deno.test("Trainer whose patience is used up makes no step when it is resumed, and continues with more", async () => {
  const ended = await still({ patience: 1 }).fit();
  const steps: number[] = [];
  const resumed = (patience: number) =>
    still({
      patience,
      state: ended,
      onStep: ({ epoch }) => steps.push(epoch),
    }).fit();
  assertEquals(await resumed(1), ended);
  assertEquals(steps, []);
  assertEquals((await resumed(2)).epoch, ended.epoch + 1);
});

Deno.test("Trainer refuses a patience that is no whole number from 1", () => {
  for (const patience of [0, 1.5, NaN]) {
    assertThrows(() => still({ patience }), RangeError, '"patience"');
  }
});

Deno.test("endOfTraining() never ends within an epoch for patience, nor before a first score", () => {
  fc.assert(fc.property(
    fc.nat({ max: 20 }),
    fc.nat({ max: 20 }),
    fc.integer({ min: 1, max: 20 }),
    fc.nat({ max: 3 }),
    (epoch, since, patience, batch) => {
      const state = { ...initialState, epoch, batch };
      const length = { epochs: 21, patience };
      assertEquals(endOfTraining(state, length), null);
      const best = { epoch: Math.max(0, epoch - since), f1: 0.5 };
      assertEquals(
        endOfTraining({ ...state, best }, length),
        batch === 0 && Math.min(epoch, since) >= patience ? "patience" : null,
      );
      assertEquals(
        endOfTraining(state, { ...length, epochs: epoch }),
        "epochs",
      );
    },
  ));
});
