/**
 * Losses of heads on every device there is, with the composed ones of tfjs'
 * cpu device as the judge, whether a device fuses them or not.
 */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { devices, openDevice } from "@unet/device";
import { createRandom } from "@unet/random";
import { classTask, objectTask } from "@unet/task";
import {
  bceDiceLoss,
  borderLoss,
  diceLoss,
  type Loss,
  lossByName,
  lossNames,
  lossOfHeads,
} from "@unet/train";
import { tryDevice } from "../try_device.ts";

const shape: [number, number, number, number] = [2, 33, 47, 1];
const pixels = 2 * 33 * 47;

/** A loss, and how many channels it takes. */
interface Judged {
  readonly loss: Loss;
  readonly channels: number;
  /** Whether some targets are below 0. */
  readonly isSparse?: boolean;
  /** Targets made of numbers in 0…1, where they are no classes. */
  readonly truth?: (numbers: Float32Array) => Float32Array;
}

const objectsAndBorders = objectTask({ loss: "bce+dice", borderWeight: 0.1 });
const withClasses = {
  heads: [
    ...objectsAndBorders.heads,
    ...classTask({ loss: "ce", classes: ["a", "b"] }).heads,
  ],
};
const withNumbers = objectTask({
  ...{ loss: "bce+dice", borderWeight: 0.1 },
  instanceHeads: ["touching", "directions", "distances"],
});
const losses: Readonly<Record<string, Judged>> = {
  ...Object.fromEntries(lossNames.flatMap((name) => [
    [name, { loss: lossByName(name), channels: 1 }],
    [`${name} of labeled pixels`, {
      loss: lossByName(name, { isSparse: true }),
      ...{ channels: 1, isSparse: true },
    }],
  ])),
  "Dice of each image": { loss: diceLoss({ over: "image" }), channels: 2 },
  "BCE three times": { loss: bceDiceLoss({ bceWeight: 3 }), channels: 3 },
  "borders": { loss: borderLoss(), channels: 1 },
  "objects and borders": {
    ...{ loss: lossOfHeads(objectsAndBorders.heads), channels: 2 },
  },
  "objects and borders of labeled pixels": {
    loss: lossOfHeads(objectsAndBorders.heads, { isSparse: true }),
    ...{ channels: 2, isSparse: true },
  },
  "objects, borders, directions and distances": {
    ...{ loss: lossOfHeads(withNumbers.heads), channels: 37 },
    truth: (numbers) =>
      numbers.map((number, at) => {
        // A third of the pixels are no object.
        const channel = at % 37, isNone = Math.floor(at / 37) % 3 === 0;
        if (channel < 3) return Math.round(number);
        if (channel < 5) return isNone ? -2 : 2 * number - 1;
        return isNone ? -1 : 0.4 + 3 * number;
      }),
  },
  "objects, borders and classes": {
    ...{ loss: lossOfHeads(withClasses.heads), channels: 4 },
  },
};

/** The value and the gradient at drawn logits, or at those given. */
async function judge(
  { loss, channels, isSparse = false, truth: truthOf }: Judged,
  change: (logits: Float32Array) => void = () => {},
) {
  const random = createRandom(5), size = pixels * channels;
  const numbers = Float32Array.from(
    { length: size },
    () => 12 * random.next() - 6,
  );
  change(numbers);
  const least = isSparse ? -1 : 0;
  const drawn = Float32Array.from({ length: size }, () => random.next());
  const truth = truthOf?.(drawn) ??
    drawn.map((number) => least + Math.floor((2 - least) * number));
  const all = shape.with(3, channels) as typeof shape;
  const { value, grad } = tf.tidy(() => {
    const y = tf.tensor4d(truth, all), w = tf.fill<tf.Rank.R4>(shape, 1.5);
    return tf.valueAndGrad((x: tf.Tensor4D) => loss(x, y, w))(
      tf.tensor4d(numbers, all),
    );
  });
  const [number] = await value.data(), gradient = [...await grad.data()];
  tf.dispose([value, grad]);
  return { value: number!, gradient };
}

const cpu = await openDevice("cpu");
const expected = await Array.fromAsync(
  Object.entries(losses),
  async ([name, loss]) => [name, await judge(loss)] as const,
);
await cpu.close();

for (const name of devices) {
  const device = await tryDevice(name);
  if (typeof device === "string") {
    Deno.test({
      name: `${name} computes losses, but is skipped: ${device}`,
      ignore: true,
      fn() {},
    });
    continue;
  }
  await device.close();
  Deno.test(`${name} computes values and gradients of losses`, async (t) => {
    const device = await openDevice(name);
    const before = tf.memory().numTensors;
    for (const [about, { value, gradient }] of expected) {
      await t.step(about, async () => {
        const found = await judge(losses[about]!);
        assertAlmostEquals(found.value, value, 1e-5 * Math.max(1, value));
        const largest = gradient.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
        gradient.forEach((slope, i) =>
          assertAlmostEquals(found.gradient[i]!, slope, 1e-5 * largest)
        );
      });
    }
    assertEquals(tf.memory().numTensors, before);
    await device.close();
  });

  Deno.test(`${name} has no finite loss of a logit that is no number`, async () => {
    const device = await openDevice(name);
    for (const [about, loss] of Object.entries(losses)) {
      const { value } = await judge(loss, (logits) => logits.fill(NaN));
      assert(Number.isNaN(value), `${about}: ${value}`);
    }
    await device.close();
  });
}
