import "@tensorflow/tfjs-backend-cpu";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { bceWithLogits } from "./bce_with_logits.ts";
import { type BorderLossOptions, withBorders } from "./with_borders.ts";
import fixture from "./fixtures/with_borders.json" with { type: "json" };
import type { Loss } from "./loss.ts";
import { lossByName, lossNames } from "./loss_by_name.ts";
import { weightedCrossEntropy } from "./weighted_cross_entropy.ts";

await tf.setBackend("cpu");

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
    Deno.test(`withBorders() with ${kind} equals PyTorch's value and gradient on: ${name}`, () => {
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
  Deno.test(`withBorders() of ${name} leaves the object's loss as it is, to the bit`, () => {
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

Deno.test("withBorders() has the slope that finite differences measure", () => {
  const loss = withBorders(bceWithLogits), step = 2 ** -5;
  const { gradient } = valueAndGradient(loss, logits, target);
  logits.forEach((value, at) => {
    const [below, above] = [-step, step].map((by) =>
      valueAndGradient(loss, logits.with(at, value + by), target).value
    );
    assertAlmostEquals(gradient[at]!, (above! - below!) / (2 * step), 1e-4);
  });
});

Deno.test("withBorders() leaves no tensor behind but its value", () => {
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

Deno.test("withBorders() says what lacks borders", () => {
  const one = tf.zeros<tf.Rank.R4>([1, 2, 2, 1]);
  const two = tf.zeros<tf.Rank.R4>([1, 2, 2, 2]);
  const loss = withBorders(bceWithLogits);
  assertThrows(
    () => loss(two, one),
    TypeError,
    'Cannot use loss of borders on "target": found shape [1,2,2,1], expected [N, H, W, 2]: object and border; give createLoader() the option borders',
  );
  assertThrows(
    () => loss(one, two),
    TypeError,
    "give createModel() the setting outputs: 2",
  );
  assertThrows(
    () => withBorders(weightedCrossEntropy)(two, two),
    TypeError,
    "found a batch without weights",
  );
  tf.dispose([one, two]);
});

Deno.test("withBorders() refuses options out of range", () => {
  for (
    const [name, value] of [
      ["weight", -1],
      ["diceWeight", NaN],
      ["positiveWeight", 0],
    ] as const
  ) {
    const error = assertThrows(
      () => withBorders(bceWithLogits, { [name]: value }),
      RangeError,
    );
    assert(error.message.includes(`border loss setting "${name}"`));
  }
});
