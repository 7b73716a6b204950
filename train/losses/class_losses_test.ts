import "@tensorflow/tfjs-backend-cpu";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { UsageError } from "@unet/errors";
import { classLossByName } from "./class_loss_by_name.ts";
import { classLossNames } from "./loss_names.ts";
import { crossEntropyLoss } from "./cross_entropy_loss.ts";
import fixture from "../fixtures/class_losses.json" with { type: "json" };
import { focalLoss } from "./focal_loss.ts";
import type { Loss } from "./loss.ts";
import { softmaxDiceLoss } from "./softmax_dice_loss.ts";

await tf.setBackend("cpu");

type Shape = [number, number, number, number];

const { shape, weights: classWeights, cases } = fixture;
const losses: Readonly<Record<string, Loss>> = {
  "ce": crossEntropyLoss(),
  "weighted ce": crossEntropyLoss({ classWeights }),
  "focal 2": focalLoss(),
  "weighted focal 1.5": focalLoss({ gamma: 1.5, classWeights }),
  "dice": softmaxDiceLoss(),
  "dice per image": softmaxDiceLoss({ over: "image" }),
  "dice without background": softmaxDiceLoss({ background: false }),
  "ce+dice": classLossByName("ce+dice"),
};

/** 1 in the channel of each pixel's class; class -1 is none. */
function oneHot(classes: readonly number[]): number[] {
  const channels = shape[3]!;
  return classes.flatMap((one) =>
    Array.from({ length: channels }, (_, channel) => channel === one ? 1 : 0)
  );
}

function valueAndGradient(
  loss: Loss,
  logits: readonly number[],
  target: readonly number[],
): { value: number; gradient: number[] } {
  const x = tf.tensor4d([...logits], shape as Shape);
  const y = tf.tensor4d([...target], shape as Shape);
  const { value, grad } = tf.valueAndGrad((x: tf.Tensor4D) => loss(x, y))(x);
  const result = {
    value: value.dataSync()[0]!,
    gradient: [...grad.dataSync()],
  };
  tf.dispose([x, y, value, grad]);
  return result;
}

for (const [name, loss] of Object.entries(losses)) {
  for (const { name: input, logits, classes, losses } of cases) {
    Deno.test(`${name} of classes equals PyTorch's value and gradient on: ${input}`, () => {
      const expected = losses[name as keyof typeof losses];
      const actual = valueAndGradient(loss, logits, oneHot(classes));
      assertAlmostEquals(
        actual.value,
        expected.value,
        2e-6 * Math.max(1, Math.abs(expected.value)),
      );
      const scale = Math.max(...expected.gradient.map(Math.abs));
      actual.gradient.forEach((value, i) => {
        const wanted = expected.gradient[i]!;
        assert(
          Math.abs(value - wanted) <=
            2e-6 * scale + 2e-5 * Math.abs(wanted) + 1e-9,
          `element ${i}: ${value}, expected ${wanted}`,
        );
      });
    });
  }

  Deno.test(`${name} of classes frees what it computes`, () => {
    const before = tf.memory().numTensors;
    valueAndGradient(loss, cases[0]!.logits, oneHot(cases[0]!.classes));
    assertEquals(tf.memory().numTensors, before);
  });
}

Deno.test("losses of classes are 0, and so are their slopes, where no pixel has a class", () => {
  const nothing = cases[0]!.classes.map(() => -1);
  for (const name of ["ce", "focal"]) {
    const { value, gradient } = valueAndGradient(
      classLossByName(name),
      cases[0]!.logits,
      oneHot(nothing),
    );
    assertEquals(Math.abs(value), 0);
    assert(gradient.every((slope) => slope === 0));
  }
});

Deno.test("losses of classes stay finite for logits of 1e4", () => {
  const logits = cases[0]!.logits.map((value) => 1e4 * Math.sign(value));
  for (const name of classLossNames) {
    const { value, gradient } = valueAndGradient(
      classLossByName(name),
      logits,
      oneHot(cases[0]!.classes),
    );
    assert(Number.isFinite(value) && gradient.every(Number.isFinite), name);
  }
});

Deno.test("losses of classes refuse weights that are no weights, and too few", () => {
  for (const weight of [-1, NaN, Infinity]) {
    assertThrows(
      () => crossEntropyLoss({ classWeights: [weight] }),
      RangeError,
    );
    assertThrows(() => focalLoss({ classWeights: [weight] }), RangeError);
  }
  assertThrows(() => focalLoss({ gamma: -1 }), RangeError);
  assertThrows(() => softmaxDiceLoss({ smoothing: 0 }), RangeError);
  const x = tf.zeros<tf.Rank.R4>([1, 1, 1, 3]);
  assertThrows(
    () => crossEntropyLoss({ classWeights: [1, 2] })(x, x),
    RangeError,
    "found 2, expected one per class, 3",
  );
  x.dispose();
});

Deno.test("classLossByName() names the losses that there are", () => {
  assertThrows(
    () => classLossByName("bce"),
    UsageError,
    'Cannot use loss of classes "bce": found no loss of that name, expected ce, dice, ce+dice, focal',
  );
});
