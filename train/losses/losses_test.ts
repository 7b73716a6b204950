import "@tensorflow/tfjs-backend-cpu";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertThrows,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { UsageError } from "@unet/errors";
import { bceDiceLoss } from "./bce_dice_loss.ts";
import { bceWithLogits } from "./bce_with_logits.ts";
import { diceLoss } from "./dice_loss.ts";
import fixture from "../fixtures/losses.json" with { type: "json" };
import type { Loss } from "./loss.ts";
import { lossByName, lossNeedsWeights } from "./loss_by_name.ts";
import { lossNames } from "./loss_names.ts";

await tf.setBackend("cpu");

type Shape = [number, number, number, number];

const losses: Readonly<Record<string, Loss>> = {
  "bce": bceWithLogits,
  "dice batch 1e-05": diceLoss(),
  "dice batch 1": diceLoss({ smoothing: 1 }),
  "dice image 1e-05": diceLoss({ over: "image" }),
  "dice image 1": diceLoss({ over: "image", smoothing: 1 }),
  "bce+dice": bceDiceLoss(),
  "2 bce + 0.5 dice": bceDiceLoss({ bceWeight: 2, diceWeight: 0.5 }),
};

function valueAndGradient(
  loss: Loss,
  logits: readonly number[],
  target: readonly number[],
  shape: Shape,
): { value: number; gradient: number[] } {
  const x = tf.tensor4d([...logits], shape),
    y = tf.tensor4d([...target], shape);
  const { value, grad } = tf.valueAndGrad((x: tf.Tensor4D) => loss(x, y))(x);
  const result = {
    value: value.dataSync()[0]!,
    gradient: [...grad.dataSync()],
  };
  tf.dispose([x, y, value, grad]);
  return result;
}

for (const [name, loss] of Object.entries(losses)) {
  for (const { name: input, logits, target, losses } of fixture.cases) {
    Deno.test(`${name} equals PyTorch's value and gradient on: ${input}`, () => {
      const expected = losses[name as keyof typeof losses];
      const shape = fixture.shape as Shape;
      const actual = valueAndGradient(loss, logits, target, shape);
      assertAlmostEquals(
        actual.value,
        expected.value,
        1e-6 * Math.max(1, expected.value),
      );
      assertEquals(actual.gradient.length, expected.gradient.length);
      const scale = Math.max(...expected.gradient.map(Math.abs));
      actual.gradient.forEach((value, i) => {
        const wanted = expected.gradient[i]!;
        const error = Math.abs(value - wanted);
        assert(
          error <= 1e-6 * scale + 1e-5 * Math.abs(wanted) + 1e-12,
          `element ${i}: ${value}, expected ${wanted}`,
        );
      });
    });
  }

  Deno.test(`${name} has the slope that finite differences measure`, () => {
    const shape: Shape = [2, 1, 3, 1];
    const logits = [0.5, -1.25, 2, -0.5, 0.25, 1], step = 2 ** -5;
    const target = [1, 0, 1, 0.5, 0, 0];
    const { gradient } = valueAndGradient(loss, logits, target, shape);
    logits.forEach((_, i) => {
      const shifted = [-step, step].map((by) => {
        const moved = logits.with(i, logits[i]! + by);
        return valueAndGradient(loss, moved, target, shape).value;
      });
      const slope = (shifted[1]! - shifted[0]!) / (2 * step);
      assertAlmostEquals(gradient[i]!, slope, 1e-4);
    });
  });

  Deno.test(`${name} leaves no tensor behind but its value`, () => {
    const x = tf.variable(tf.zeros<tf.Rank.R4>([1, 2, 2, 1]));
    const y = tf.ones<tf.Rank.R4>([1, 2, 2, 1]);
    const before = tf.memory().numTensors;
    const value = loss(x, y);
    assertEquals(tf.memory().numTensors, before + 1);
    const trained = tf.variableGrads(() => loss(x, y), [x]);
    assertEquals(tf.memory().numTensors, before + 3);
    tf.dispose([x, y, value, trained.value]);
    tf.dispose(trained.grads);
  });
}

Deno.test("bceWithLogits() is 0 for certain and right, |x| for certain and wrong", () => {
  const wrong = valueAndGradient(bceWithLogits, [1e4, -1e4], [0, 1], [
    1,
    1,
    2,
    1,
  ]);
  assertEquals(wrong, { value: 1e4, gradient: [0.5, -0.5] });
  const right = valueAndGradient(bceWithLogits, [1e4, -1e4], [1, 0], [
    1,
    1,
    2,
    1,
  ]);
  assertEquals(right, { value: 0, gradient: [0, 0] });
});

Deno.test("diceLoss() is near 0 where target and prediction are empty", () => {
  for (const over of ["batch", "image"] as const) {
    const empty = [0, 0, 0, 0];
    const { value, gradient } = valueAndGradient(
      diceLoss({ over }),
      [-99, -99, -99, -99],
      empty,
      [2, 1, 2, 1],
    );
    assertLess(value, 1e-6);
    assert(gradient.every(Number.isFinite));
  }
});

Deno.test("diceLoss() over images weighs a small object as much as a big one", () => {
  // The first image has one pixel, missed; the second has three, all found.
  const logits = [-99, -99, -99, -99, 99, 99, 99, -99];
  const target = [1, 0, 0, 0, 1, 1, 1, 0];
  const value = (loss: Loss) =>
    valueAndGradient(loss, logits, target, [2, 2, 2, 1]).value;
  assertAlmostEquals(value(diceLoss({ over: "image" })), 1 / 2, 1e-5);
  assertAlmostEquals(value(diceLoss({ over: "batch" })), 1 / 7, 1e-5);
});

Deno.test("losses throw a TypeError when shapes differ", () => {
  const x = tf.zeros<tf.Rank.R4>([1, 2, 2, 1]);
  const y = tf.zeros<tf.Rank.R4>([1, 2, 1, 1]);
  for (const loss of Object.values(losses)) {
    assertThrows(
      () => loss(x, y),
      TypeError,
      'Cannot compare logits of shape "[1, 2, 2, 1]": found a target of shape [1, 2, 1, 1], expected [N, H, W, C] both',
    );
  }
  tf.dispose([x, y]);
});

Deno.test("diceLoss() and bceDiceLoss() throw when an option is out of range", () => {
  assertThrows(
    () => diceLoss({ smoothing: 0 }),
    RangeError,
    'Cannot use Dice loss setting "smoothing": found 0, expected a number above 0',
  );
  assertThrows(() => diceLoss({ over: "pixel" as "image" }), RangeError);
  assertThrows(() => bceDiceLoss({ bceWeight: -1 }), RangeError, '"bceWeight"');
  assertThrows(() => bceDiceLoss({ diceWeight: NaN }), RangeError);
});

Deno.test("lossByName() gives the loss of each name", () => {
  const target = [1, 0, 0, 1], logits = [2, -1, 0.5, -0.5];
  const values = ["bce", "dice", "bce+dice"].map((name) =>
    valueAndGradient(lossByName(name), logits, target, [1, 2, 2, 1]).value
  );
  assertAlmostEquals(values[0]! + values[1]!, values[2]!, 1e-6);
});

Deno.test("lossNeedsWeights() is true of the losses that refuse a batch without weights", () => {
  const zeros = tf.zeros<tf.Rank.R4>([1, 2, 2, 1]);
  for (const name of lossNames) {
    const call = () => lossByName(name)(zeros, zeros).dispose();
    if (lossNeedsWeights(name)) assertThrows(call, TypeError, "weights");
    else call();
  }
  zeros.dispose();
});

Deno.test("lossByName() names the choices when there is no such loss", () => {
  for (const name of ["absolute", "constructor", ""]) {
    assertThrows(
      () => lossByName(name),
      UsageError,
      `Cannot use loss "${name}": found no loss of that name, expected ` +
        lossNames.join(", "),
    );
  }
});
