import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import type { Batch } from "@unet/data";
import { createModel, type Model } from "@unet/model";
import { createRandom } from "@unet/random";
import { updateBatchNorm } from "./update_batch_norm.ts";

const size = 32;

/** A batch of noise, the brighter the higher its index. */
function noiseOf(index: number, size: number): Batch {
  const random = createRandom(7, index);
  const x = Float32Array.from(
    { length: 2 * size * size * 3 },
    () => (random.next() + index) / 3,
  );
  const y = new Float32Array(2 * size * size);
  return { shape: [2, size, size], x, targets: { object: y }, ids: ["a", "b"] };
}

const noise = [0, 1, 2].map((index) => noiseOf(index, size));

async function* batchesOf(batches: readonly Batch[]) {
  for (const batch of batches) yield await Promise.resolve(batch);
}

const create = (plan: Parameters<typeof createModel>[0] = {}): Model =>
  createModel({ width: 0.05, ...plan }, createRandom(0));

function statistics(model: Model): Map<string, Float32Array> {
  return new Map(
    [...model.weights].map(([name, weight]) =>
      [name, weight.dataSync().slice() as Float32Array] as const
    ).filter(([name]) => /running_(mean|var)$/.test(name)),
  );
}

Deno.test("updateBatchNorm() takes the mean over all pixels where batches are alike in size", async () => {
  const model = create();
  assertEquals(await updateBatchNorm(model, batchesOf(noise)), 3);
  // The first convolution sees the images themselves, so its features'
  // statistics over all batches at once are those of one large batch.
  const separate = statistics(model);
  const whole: Batch = {
    shape: [6, size, size],
    x: Float32Array.from(noise.flatMap(({ x }) => [...x])),
    targets: { object: new Float32Array(6 * size * size) },
    ids: [],
  };
  const other = create();
  await updateBatchNorm(other, batchesOf([whole]));
  const name = "encoder.features.1.running_mean";
  const expected = statistics(other).get(name)!;
  for (const [index, value] of separate.get(name)!.entries()) {
    assertAlmostEquals(value, expected[index]!, 1e-5);
  }
});

Deno.test("updateBatchNorm() forgets what the statistics were, and repeats itself", async () => {
  const model = create();
  await updateBatchNorm(model, batchesOf(noise));
  const first = statistics(model);
  for (const [name, weight] of model.weights) {
    if (/running/.test(name)) weight.assign(tf.fill(weight.shape, 9));
  }
  await updateBatchNorm(model, batchesOf(noise));
  assertEquals(statistics(model), first);
});

Deno.test("updateBatchNorm() makes inference see what training sees", async () => {
  const model = create();
  // Large enough for the variance at the bottom to be nearly unbiased.
  const batch = noiseOf(0, 160);
  const x = tf.tensor4d(batch.x, [2, 160, 160, 3]);
  const apart = (): number =>
    tf.tidy(() =>
      tf.max(tf.abs(tf.sub(
        model.forward(x, { training: true, statisticsMomentum: 0 }),
        model.forward(x, { training: false }),
      ))).dataSync()[0]!
    );
  const before = apart();
  await updateBatchNorm(model, batchesOf([batch]));
  // What is left is the variance: running ones are unbiased.
  assertLess(apart(), before / 3);
});

Deno.test("updateBatchNorm() reads no more batches than its limit, and none after an abort", async () => {
  let read = 0;
  async function* counted() {
    for (const batch of noise) {
      read++;
      yield await Promise.resolve(batch);
    }
  }
  assertEquals(await updateBatchNorm(create(), counted(), { limit: 2 }), 2);
  assertEquals(read, 2);
  const signal = AbortSignal.abort();
  const model = create();
  const before = statistics(model);
  assertEquals(await updateBatchNorm(model, counted(), { signal }), 0);
  assertEquals(statistics(model), before);
});

Deno.test("updateBatchNorm() leaves what is frozen, and weights, as they are", async () => {
  const model = create({ freezeEncoder: true });
  const before = statistics(model);
  const kernels = [...model.weights].filter(([name]) => !/running/.test(name))
    .map(([, weight]) => weight.dataSync().slice());
  await updateBatchNorm(model, batchesOf(noise));
  const moved = [...statistics(model)].filter(([name, values]) =>
    values.some((value, index) => value !== before.get(name)![index])
  ).map(([name]) => name.split(".")[0]);
  assertEquals([...new Set(moved)].sort(), ["bottleneck", "decoder"]);
  assertEquals(
    [...model.weights].filter(([name]) => !/running/.test(name))
      .map(([, weight]) => weight.dataSync().slice()),
    kernels,
  );
  const frozen = create({ freezeBatchNorm: true });
  const kept = statistics(frozen);
  assertEquals(await updateBatchNorm(frozen, batchesOf(noise)), 0);
  assertEquals(statistics(frozen), kept);
});

Deno.test("updateBatchNorm() keeps no tensors, and passes a network without batch norm by", async () => {
  const model = create();
  const tensors = tf.memory().numTensors;
  await updateBatchNorm(model, batchesOf(noise));
  assertEquals(tf.memory().numTensors, tensors);
  const plain = createModel(
    { width: 0.05, network: "vgg16", batchNorm: false },
    createRandom(0),
  );
  assertEquals(await updateBatchNorm(plain, batchesOf(noise)), 0);
});
