import "@tensorflow/tfjs-backend-cpu";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { UsageError } from "@unet/errors";
import { objectTask } from "@unet/task";
import { bceWithLogits } from "./bce_with_logits.ts";
import { borderLoss, type BorderLossOptions } from "./border_loss.ts";
import fixture from "../fixtures/with_borders.json" with { type: "json" };
import type { Loss } from "./loss.ts";
import { lossByName } from "./loss_by_name.ts";
import { lossNames } from "./loss_names.ts";
import { lossOfHeads } from "./loss_of_heads.ts";

await tf.setBackend("cpu");

/** The loss of an object head, and of a border head beside it. */
function withBorders(object: Loss, options: BorderLossOptions = {}): Loss {
  const { heads } = objectTask({ borderWeight: 1 });
  return lossOfHeads(heads, {
    losses: { object, border: borderLoss(options) },
  });
}

type Shape = [number, number, number, number];

const [count, height, width] = fixture.shape as Shape;

function valueAndGradient(
  loss: Loss,
  logits: readonly number[],
  target: readonly number[],
  weights?: tf.Tensor4D,
): { value: number; gradient: number[] } {
  const shape: Shape = [count, height, width, 2];
  const x = tf.tensor4d([...logits], shape);
  const y = tf.tensor4d([...target], shape);
  const { value, grad } = tf.valueAndGrad((x: tf.Tensor4D) =>
    loss(x, y, weights)
  )(x);
  const result = {
    value: value.dataSync()[0]!,
    gradient: [...grad.dataSync()],
  };
  tf.dispose([x, y, value, grad]);
  return result;
}

for (const [kind, options] of Object.entries(fixture.options)) {
  const loss = withBorders(bceWithLogits, options as BorderLossOptions);
  for (const { name, logits, target, losses } of fixture.cases) {
    Deno.test(`lossOfHeads() of objects and borders with ${kind} equals PyTorch's value and gradient on: ${name}`, () => {
      const expected = losses[kind as keyof typeof losses];
      const actual = valueAndGradient(loss, logits, target);
      const scale = Math.max(1, expected.value);
      assertAlmostEquals(actual.value, expected.value, 1e-6 * scale);
      const steepest = Math.max(...expected.gradient.map(Math.abs));
      assertEquals(actual.gradient.length, expected.gradient.length);
      actual.gradient.forEach((value, at) =>
        assertAlmostEquals(value, expected.gradient[at]!, 2e-6 * steepest)
      );
    });
  }
}

const [{ logits, target }] = fixture.cases as [typeof fixture.cases[0]];

for (const name of lossNames) {
  Deno.test(`lossOfHeads() leaves the loss ${name} of one head as it is beside another, to the bit`, () => {
    const object = (values: readonly number[]) =>
      values.filter((_, at) => at % 2 === 0);
    const area: Shape = [count, height, width, 1];
    const weights = tf.tensor4d(
      object(logits).map((_, at) => 1 + at % 3),
      area,
    );
    const y = tf.tensor4d(object(target), area);
    const alone = tf.valueAndGrad((x: tf.Tensor4D) =>
      lossByName(name)(x, y, weights)
    )(tf.tensor4d(object(logits), area));
    const none = withBorders(lossByName(name), { weight: 0 });
    const { value } = valueAndGradient(none, logits, target, weights);
    assertEquals(value, alone.value.dataSync()[0]!);
    const some = withBorders(lossByName(name));
    const { gradient } = valueAndGradient(some, logits, target, weights);
    assertEquals(object(gradient), [...alone.grad.dataSync()]);
    tf.dispose([weights, y, alone.value, alone.grad]);
  });
}

Deno.test("lossOfHeads() has the slope that finite differences measure", () => {
  const loss = withBorders(bceWithLogits), step = 2 ** -5;
  const { gradient } = valueAndGradient(loss, logits, target);
  logits.forEach((value, at) => {
    const [below, above] = [-step, step].map((by) =>
      valueAndGradient(loss, logits.with(at, value + by), target).value
    );
    assertAlmostEquals(gradient[at]!, (above! - below!) / (2 * step), 1e-4);
  });
});

Deno.test("lossOfHeads() leaves no tensor behind but its value", () => {
  const loss = withBorders(bceWithLogits);
  const x = tf.variable(tf.zeros<tf.Rank.R4>([1, 2, 2, 2]));
  const y = tf.ones<tf.Rank.R4>([1, 2, 2, 2]);
  const before = tf.memory().numTensors;
  const value = loss(x, y);
  assertEquals(tf.memory().numTensors, before + 1);
  const trained = tf.variableGrads(() => loss(x, y), [x]);
  assertEquals(tf.memory().numTensors, before + 3);
  tf.dispose([x, y, value, trained.value]);
  tf.dispose(trained.grads);
});

Deno.test("lossOfHeads() refuses logits and targets of other channels, and names the heads", () => {
  const one = tf.zeros<tf.Rank.R4>([1, 2, 2, 1]);
  const two = tf.zeros<tf.Rank.R4>([1, 2, 2, 2]);
  const loss = lossOfHeads(objectTask({ borderWeight: 0.1 }).heads);
  assertThrows(
    () => loss(two, one),
    TypeError,
    'Cannot use loss of heads on "target": found shape [1,2,2,1], expected [N, H, W, 2] for object, border',
  );
  assertThrows(
    () => loss(one, two),
    TypeError,
    'on "logits": found shape [1,2,2,1]',
  );
  const { heads } = objectTask({ loss: "weighted-bce", borderWeight: 1 });
  assertThrows(
    () => lossOfHeads(heads)(two, two),
    TypeError,
    "found a batch without weights",
  );
  tf.dispose([one, two]);
});

Deno.test("lossOfHeads() takes the heads' own losses by name and weight", () => {
  const shape: Shape = [1, 2, 3, 2];
  const values = (seed: number) =>
    tf.tensor4d(
      Array.from({ length: 12 }, (_, i) => Math.sin(seed + i)),
      shape,
    );
  const [logits, noise] = [values(1), values(2)];
  const target = tf.cast<tf.Tensor4D>(tf.greater(noise, 0), "float32");
  const { heads } = objectTask({ loss: "dice", borderWeight: 0.3 });
  const [object] = heads;
  const valueOf = (loss: Loss, x: tf.Tensor4D, y: tf.Tensor4D) =>
    loss(x, y).dataSync()[0]!;
  const part = (x: tf.Tensor4D, at: number): tf.Tensor4D =>
    tf.slice(x, [0, 0, 0, at], [-1, -1, -1, 1]);
  const dice = valueOf(lossByName("dice"), part(logits, 0), part(target, 0));
  const border = valueOf(
    borderLoss({ weight: 0.3 }),
    part(logits, 1),
    part(target, 1),
  );
  assertAlmostEquals(
    valueOf(lossOfHeads(heads), logits, target),
    dice + border,
    1e-6,
  );
  assertAlmostEquals(
    valueOf(
      lossOfHeads([{ ...object!, weight: 2.5 }]),
      part(logits, 0),
      part(target, 0),
    ),
    2.5 * dice,
    1e-6,
  );
  assertThrows(
    () => lossOfHeads([{ ...object!, loss: "absolute" }]),
    UsageError,
    'Cannot use loss "absolute"',
  );
});

Deno.test("borderLoss() refuses options out of range", () => {
  for (
    const [name, value] of [
      ["weight", -1],
      ["diceWeight", NaN],
      ["positiveWeight", 0],
    ] as const
  ) {
    const error = assertThrows(
      () => borderLoss({ [name]: value }),
      RangeError,
    );
    assert(error.message.includes(`border loss setting "${name}"`));
  }
});
