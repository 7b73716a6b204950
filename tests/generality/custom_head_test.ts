import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import {
  type CachedCase,
  cacheSamples,
  createLoader,
  type Sample,
} from "@unet/data";
import { openDevice } from "@unet/device";
import { planeOf, predictorOf, segmentImage } from "@unet/infer";
import { createModel, decodeModel, encodeModel } from "@unet/model";
import { createRandom } from "@unet/random";
import { objectTask, type Task } from "@unet/task";
import {
  adam,
  constant,
  type EpochRow,
  type Loss,
  lossOfHeads,
  Trainer,
} from "@unet/train";

/** Objects as always, and beside them three classes under one softmax. */
const task: Task = {
  ...objectTask(),
  heads: [
    ...objectTask().heads,
    {
      name: "kind",
      channels: 3,
      activation: "softmax",
      target: "odd and even",
      loss: "softmax cross entropy",
      weight: 0.5,
    },
  ],
};

/** The mean cross entropy of one-hot targets, in tfjs' own functions. */
const softmaxCrossEntropy: Loss = (logits, target) =>
  tf.tidy(() => {
    const likelihood = tf.sum(tf.mul(target, tf.logSoftmax(logits, 3)), 3);
    return tf.neg<tf.Scalar>(tf.mean(likelihood));
  });

const size = 64;

/** Dark squares are odd, bright ones even: a network can learn that. */
function draw(count: number): Sample[] {
  return Array.from({ length: count }, (_, number) => {
    const random = createRandom(5, number);
    const pixels = new Uint8Array(size * size * 3).fill(20);
    const data = new Uint32Array(size * size);
    for (let label = 1; label <= 4; label++) {
      const left = 4 + 32 * ((label - 1) % 2) + random.integer(0, 8);
      const top = 4 + 32 * (label > 2 ? 1 : 0) + random.integer(0, 8);
      for (let y = top; y < top + 16; y++) {
        for (let x = left; x < left + 16; x++) {
          const at = y * size + x;
          data[at] = label;
          pixels.fill(label % 2 === 1 ? 110 : 230, 3 * at, 3 * at + 3);
        }
      }
    }
    const shape = { width: size, height: size };
    return {
      id: `drawn-${number}`,
      image: { ...shape, channels: 3, depth: 8, data: pixels } as const,
      labels: { ...shape, data },
    };
  });
}

function loaderOf(cases: readonly CachedCase[], workers = 0) {
  return createLoader({
    ...{ cases, size, batchSize: 4, seed: 0, workers },
    targets: [
      { head: "object", target: "object" },
      {
        ...{ head: "kind", channels: 3 },
        target: { module: import.meta.resolve("./odd_and_even.ts") },
      },
    ],
  });
}

Deno.test("a head of three classes, its ground truth and its loss are added without a change elsewhere", async () => {
  const folder = await Deno.makeTempDir();
  const device = await openDevice("wasm");
  const samples = draw(28);
  const cases = await cacheSamples(samples, { folder });
  const model = createModel({ width: 0.1, task }, createRandom(1));
  const optimizer = adam();
  using stack = new DisposableStack();
  const [train, test] = [cases.slice(0, 24), cases.slice(24)]
    .map((some, index) => loaderOf(some, index === 0 ? 1 : 0));
  stack.defer(() => [train!, test!].forEach((loader) => loader.close()));
  const rows: EpochRow[] = [];
  await new Trainer({
    optimizer,
    loss: lossOfHeads(task.heads, { losses: { kind: softmaxCrossEntropy } }),
    model,
    trainDataloader: train!,
    testDataloader: test!,
    epochs: 20,
    device,
    scheduler: constant({ learningRate: 0.01 }),
    batchNormBatches: 2,
    onEpoch: ({ row }) => void rows.push(row),
  }).fit();
  const last = rows.at(-1)!;
  assert(last.validationLoss < rows[0]!.validationLoss);
  assert(last.f1 > 0.7, `F1 ${last.f1}`);
  assert(last.kindF1! > 0.8, `F1 of kinds ${last.kindF1}`);

  // A model's file keeps the task, and its predictions hold the classes.
  const pieces = await encodeModel(model);
  const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
  assertEquals(decodeModel(bytes, "model").plan.task, task);
  const { image, labels } = samples.at(-1)!;
  const planes = await segmentImage(image, predictorOf(model));
  const kind = planeOf(planes, "kind");
  assertEquals(kind.length, 3 * size * size);
  let right = 0;
  labels.data.forEach((label, at) => {
    const shares = [...kind.subarray(3 * at, 3 * at + 3)];
    assertAlmostEquals(shares.reduce((sum, share) => sum + share), 1, 1e-5);
    const best = shares.indexOf(Math.max(...shares));
    const expected = label === 0 ? 0 : label % 2 === 1 ? 1 : 2;
    if (best === expected) right++;
  });
  assert(right > 0.8 * size * size, `${right} pixels are right`);
  model.dispose();
  optimizer.dispose();
  await device.close();
  await Deno.remove(folder, { recursive: true });
});
