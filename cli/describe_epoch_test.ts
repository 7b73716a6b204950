import { assertEquals } from "@std/assert";
import { describeEpoch, describeSources } from "./describe_epoch.ts";

const row = {
  ...{ epoch: 3, step: 12, loss: 1.23456, validationLoss: 0.5 },
  ...{ f1: 0.81234, f1PerImage: 0.7, iou: 0.6, precision: 0.8, recall: 0.8 },
  ...{ learningRate: 0.000371, seconds: 75 },
};

Deno.test("describeEpoch() words an epoch in a line", () => {
  assertEquals(
    describeEpoch(row, 10, { isBest: true, isHeldOut: true }),
    "Epoch 3/10  loss 1.2346  validation loss 0.5000  F1 0.8123 (mean of " +
      "images 0.7000)  lr 0.000371  1 m 15 s  best",
  );
  assertEquals(
    describeEpoch({ ...row, borderF1: 0.25 }, 10, {
      isBest: false,
      isHeldOut: true,
    }),
    "Epoch 3/10  loss 1.2346  validation loss 0.5000  F1 0.8123 (mean of " +
      "images 0.7000)  border 0.2500  lr 0.000371  1 m 15 s",
  );
});

Deno.test("describeEpoch() calls scores of images that were trained on what they are, and no epoch the best", () => {
  assertEquals(
    describeEpoch(row, 10, { isBest: true, isHeldOut: false }),
    "Epoch 3/10  loss 1.2346  loss on training images 0.5000  F1 0.8123 " +
      "(mean of images 0.7000)  lr 0.000371  1 m 15 s",
  );
});

Deno.test("describeEpoch() says that epoch 0 comes before training", () => {
  const start = { ...row, epoch: 0, step: 0, loss: null, learningRate: null };
  assertEquals(
    describeEpoch(start, 10, { isBest: true, isHeldOut: true }),
    "Epoch 0/10  before training  validation loss 0.5000  F1 0.8123 (mean of " +
      "images 0.7000)  1 m 15 s  best",
  );
});

Deno.test("describeSources() lists data sets, the lowest F1 first, and nothing where there is one", () => {
  assertEquals(
    describeSources({ ...row, borderF1: 0.25, "f1:a": 0.91, "f1:b c": 0.7 }),
    ["F1 of each data set in epoch 3: b c 0.7000, a 0.9100"],
  );
  assertEquals(describeSources(row), []);
});
