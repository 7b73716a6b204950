import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { TrainingError } from "@unet/errors";
import type { EpochRow, Evaluation } from "@unet/train";
import {
  describeCollapse,
  judgeTraining,
  keptModel,
} from "./judge_training.ts";
import { completeTrainSettings } from "../settings/complete_train_settings.ts";
import type { TrainChoices } from "../settings/train_settings.ts";
import { lowerRate, type TrainingFacts } from "./training_cause.ts";

function settingsFor(choices: TrainChoices) {
  return completeTrainSettings({ data: "cells", out: "runs/a", ...choices });
}

/** Epochs of so many steps with these F1 and training losses. */
function rowsOf(
  f1s: readonly number[],
  { losses = [], steps = 100 }: { losses?: number[]; steps?: number } = {},
): EpochRow[] {
  return f1s.map((f1, index) => ({
    ...{ epoch: index + 1, step: steps * (index + 1), f1 },
    ...{ loss: losses[index] ?? 1, validationLoss: 1, f1PerImage: f1 },
    ...{ iou: f1, precision: f1, recall: f1, learningRate: 0.1, seconds: 1 },
  }));
}

/** A validation of 1000 pixels, of which some are object. */
function evaluationOf(
  objects: number,
  range: readonly [number, number] = [-3, -1],
): Evaluation {
  const scores = { f1: 0, f1PerImage: 0, iou: 0, precision: 0, recall: 0 };
  const counts = {
    ...{ truePositive: 0, falsePositive: 0 },
    ...{ falseNegative: objects, trueNegative: 1000 - objects },
  };
  return {
    ...{ loss: 1, scores, counts, range },
    ...{ headScores: {}, classScores: {}, classShares: {}, sourceScores: {} },
  };
}

async function factsOf(
  choices: TrainChoices,
  rows: EpochRow[],
  some: Partial<TrainingFacts> = {},
): Promise<TrainingFacts> {
  return {
    ...{ settings: await settingsFor(choices), rows, startLoss: 1.1 },
    evaluation: evaluationOf(200),
    ...some,
  };
}

function faultOf(facts: TrainingFacts): string {
  return assertThrows(() => judgeTraining(facts), TrainingError).message;
}

Deno.test("judgeTraining() names a learning rate far above the optimizer's default", async () => {
  assertEquals(
    faultOf(await factsOf({ learningRate: 1000 }, rowsOf([0, 0]))),
    'Cannot train network "runs/a": found no pixel of an object in any epoch ' +
      "(F1 0): the learning rate 1000 is 1000000 times adamw's default 0.001, " +
      "expected a network that finds objects; train again with `learningRate 0.001` and " +
      "another `out`",
  );
});

Deno.test("judgeTraining() takes an F1 for nothing that marking every pixel reaches", async () => {
  // A fifth of the pixels: 2 · 0.2 / 1.2.
  const facts = await factsOf({ learningRate: 1 }, rowsOf([1 / 3, 0.1]));
  assertMatch(
    faultOf(facts),
    /: found a best F1 of 0\.3333, no better than the 0\.3333 of marking every pixel as object: the learning rate 1 is 1000 times /,
  );
  const better = { ...facts, rows: rowsOf([0.34, 0.1]) };
  assertEquals(judgeTraining(better), undefined);
});

Deno.test("judgeTraining() names the rise of a loss, and where it was", async () => {
  const rows = rowsOf([0, 0, 0], { losses: [1.2, 17.5, 2] });
  assertMatch(
    faultOf(await factsOf({ batchNorm: false, learningRate: 0.01 }, rows)),
    /: the loss rose from 1\.10 to 17\.5 in epoch 2, as after steps that are too large \(learning rate 0\.01\), .*; train again with `learningRate 0\.001` or `batchNorm on` and another `out`$/,
  );
});

Deno.test("judgeTraining() names a network that is dead from the start", async () => {
  const facts = await factsOf({}, rowsOf([0], { steps: 4 }), {
    evaluation: evaluationOf(200, [-1.5, -1.5]),
  });
  assertMatch(
    faultOf(facts),
    /: the network gives every pixel the same number, whatever the image: .*; train again with `learningRate 0\.0001` /,
  );
});

Deno.test("judgeTraining() notes a rate of 0, which a person may want", async () => {
  assertMatch(
    judgeTraining(await factsOf({ learningRate: 0 }, rowsOf([0])))!,
    /^Note: .*: the learning rate is 0, so no weight changes; train again with `learningRate 0\.001` /,
  );
});

Deno.test("judgeTraining() names objects that cover few pixels under a loss that ignores them", async () => {
  const some = { evaluation: evaluationOf(4) };
  const rows = rowsOf([0, 0, 0]);
  assertMatch(
    faultOf(await factsOf({ loss: "bce" }, rows, some)),
    /: objects cover only 0\.40 % of the pixels, and the loss bce lets a network ignore them, .*; train again with `loss bce\+dice` /,
  );
  assertMatch(
    faultOf(await factsOf({}, rows, some)),
    /: after 300 steps, the loss is still 1\.00, from 1\.10, .*; train again with `learningRate 0\.0001` /,
  );
});

Deno.test("judgeTraining() only notes that a network has made few steps", async () => {
  const rows = rowsOf([0, 0], { steps: 3 });
  assertEquals(
    judgeTraining(await factsOf({}, rows)),
    "Note: no pixel of an object in any epoch (F1 0): it has made only 6 " +
      "steps; train for more `epochs`",
  );
});

Deno.test("judgeTraining() names the epoch from which on nothing was found, and the model that is kept", async () => {
  const facts = await factsOf(
    { learningRate: 0.01 },
    rowsOf([0.7, 0.83, 0, 0]),
  );
  assertEquals(
    faultOf(facts),
    'Cannot train network beyond epoch "2": found no pixel of an object in ' +
      "the last 2 epochs (F1 0): after 400 steps, the loss is still 1.00, " +
      "from 1.10, expected a network that finds objects; train again with " +
      "`learningRate 0.001` and another `out`; runs/a/best keeps epoch 2, F1 0.8300",
  );
  const last = { ...facts, rows: rowsOf([0.7, 0.83, 0]) };
  assertMatch(faultOf(last), /found no pixel of an object in the last epoch /);
});

Deno.test("judgeTraining() is silent where a network learned, and where nothing was trained", async () => {
  assertEquals(
    judgeTraining(await factsOf({ learningRate: 5 }, rowsOf([0, 0.5, 0.9]))),
    undefined,
  );
  const start = { ...rowsOf([0.9])[0]!, epoch: 0, loss: null };
  for (const rows of [[], [start]]) {
    assertEquals(judgeTraining(await factsOf({}, rows)), undefined);
  }
  // A finished run that is resumed: no validation is known.
  const resumed = { evaluation: null, startLoss: null };
  assertEquals(
    judgeTraining(await factsOf({}, rowsOf([0.2, 0.3]), resumed)),
    undefined,
  );
});

Deno.test("judgeTraining() leaves the start's scores out, and says that it is kept", async () => {
  const start = { ...rowsOf([0.9])[0]!, epoch: 0, loss: null };
  assertMatch(
    faultOf(await factsOf({ learningRate: 1 }, [start, ...rowsOf([0, 0])])),
    /: found no pixel of an object in any epoch \(F1 0\): .*; train again with `learningRate 0\.001` and another `out`; runs\/a\/best keeps the weights it started from, F1 0\.9000$/,
  );
});

Deno.test("describeCollapse() notes two blind epochs, once, with the cause and what to do", async () => {
  const choices = { learningRate: 1 };
  const note = (f1s: number[], some?: Partial<TrainingFacts>) =>
    factsOf(choices, rowsOf(f1s), some).then(describeCollapse);
  assertEquals(
    await note([0.5, 0, 0]),
    "Note: no pixel of an object was found in the last 2 epochs (F1 0): the " +
      "learning rate 1 is 1000 times adamw's default 0.001; stop with Ctrl-C " +
      "and train again with `learningRate 0.001` and another `out`",
  );
  for (const f1s of [[], [0], [0.5, 0], [0, 0, 0], [0, 0, 0.1], [0.5]]) {
    assertEquals(await note(f1s), undefined);
  }
  assertEquals(
    describeCollapse(await factsOf({}, rowsOf([0, 0], { steps: 5 }))),
    "Note: no pixel of an object was found in the last 2 epochs (F1 0): it " +
      "has made only 10 steps",
  );
});

Deno.test("lowerRate() takes the default, or a tenth of what is no higher", async () => {
  for (
    const [choices, words] of [
      [{ learningRate: 1000 }, "`learningRate 0.001`"],
      [{ learningRate: 0.001 }, "`learningRate 0.0001`"],
      [{ optimizer: "sgd", learningRate: 9 }, "`learningRate 0.4`"],
      [{ optimizer: "sgd" }, "`learningRate 0.04`"],
      [{ batchNorm: false }, "`learningRate 0.0001` or `batchNorm on`"],
      // Unpadded, it has none.
      [{ network: "unet" }, "`learningRate 0.0001`"],
    ] as const
  ) {
    assertEquals(
      lowerRate(await settingsFor(choices)),
      `train again with ${words} and another \`out\``,
    );
  }
});

Deno.test("keptModel() says what best/ holds", async () => {
  const settings = await settingsFor({});
  assertEquals(
    keptModel(settings, { epoch: 3, f1: 0.5 }),
    "runs/a/best keeps epoch 3, F1 0.5000",
  );
  assertEquals(
    keptModel(settings, { epoch: 0, f1: 0.5 }),
    "runs/a/best keeps the weights it started from, F1 0.5000",
  );
  assertEquals(keptModel(settings, null), "no model was saved");
});
