/**
 * Step time with the encoder frozen against all trained, and inference, on one
 * device, interleaved:
 *
 *     deno run -P=bench bench/freeze.ts [DEVICE] [WIDTH] [BATCH] [SIZE]
 *
 * @module
 */
import { openDevice } from "@unet/device";
import { createModel } from "@unet/model";
import { createRandom } from "@unet/random";
import { bceWithLogits, predictBatch, sgd, trainStep } from "@unet/train";

const [name = "wasm", width = "0.5", count = "4", side = "128"] = Deno.args;
const rounds = 7, size = Number(side), images = Number(count);
const device = await openDevice(name);
const model = createModel({ width: Number(width) }, createRandom(0));
const pixels = images * size * size;
const random = createRandom(1);
const batch = {
  shape: [images, size, size] as const,
  x: Float32Array.from({ length: pixels * 3 }, () => random.next()),
  targets: {
    object: Float32Array.from(
      { length: pixels },
      () => Math.round(random.next()),
    ),
  },
  ids: Array.from({ length: images }, (_, image) => `${image}`),
};
const optimizer = sgd({ momentum: 0.9 });
const step = async (isFrozen: boolean): Promise<void> => {
  model.freezeEncoder(isFrozen);
  await trainStep(batch, {
    model,
    loss: bceWithLogits,
    optimizer,
    rate: { learningRate: 0.01 },
    random,
  });
};
const works: Record<string, () => Promise<unknown>> = {
  "full step": () => step(false),
  "frozen encoder": () => step(true),
  "inference": () => predictBatch(model, batch),
};
const seconds = new Map(
  Object.keys(works).map((what) => [what, [] as number[]]),
);
for (let round = 0; round <= rounds; round++) {
  for (const [what, work] of Object.entries(works)) {
    const started = performance.now();
    await work();
    // The first round warms up.
    if (round > 0) {
      seconds.get(what)!.push((performance.now() - started) / 1000);
    }
  }
}
for (const [what, all] of seconds) {
  const median = all.toSorted((a, b) => a - b)[Math.floor(rounds / 2)]!;
  // deno-lint-ignore no-console
  console.log(`${what.padEnd(16)} ${(1000 * median).toFixed(0)} ms`);
}
optimizer.dispose();
model.dispose();
await device.close();
