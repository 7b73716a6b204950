import "@tensorflow/tfjs-backend-cpu";
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { bceWithLogits } from "./bce_with_logits.ts";
import { weightedCrossEntropy } from "./weighted_cross_entropy.ts";

await tf.setBackend("cpu");

const shape: [number, number, number, number] = [2, 1, 3, 1];
const logits = [0.5, -1.25, 2, -0.5, 0.25, 1], target = [1, 0, 1, 0, 0, 1];
const weights = [1, 10, 0, 2.5, 0.5, 3];

function valueAndGradient(given: readonly number[], x = logits) {
  const y = tf.tensor4d(target, shape), w = tf.tensor4d([...given], shape);
  const { value, grad } = tf.valueAndGrad((x: tf.Tensor4D) =>
    weightedCrossEntropy(x, y, w)
  )(tf.tensor4d(x, shape));
  return { value: value.dataSync()[0]!, gradient: [...grad.dataSync()] };
}

Deno.test("weightedCrossEntropy() is the weighted mean of each pixel's cross entropy", () => {
  const expected = logits.reduce((sum, x, at) => {
    const probability = 1 / (1 + Math.exp(target[at] ? -x : x));
    return sum - weights[at]! * Math.log(probability);
  }, 0) / 6;
  assertAlmostEquals(valueAndGradient(weights).value, expected, 1e-6);
});

Deno.test("weightedCrossEntropy() has the slope that finite differences measure", () => {
  const { gradient } = valueAndGradient(weights);
  logits.forEach((x, at) => {
    const step = 2 ** -5;
    const [before, after] = [-step, step].map((by) =>
      valueAndGradient(weights, logits.with(at, x + by)).value
    );
    assertAlmostEquals(gradient[at]!, (after! - before!) / (2 * step), 1e-3);
  });
});

Deno.test("weightedCrossEntropy() with weights of one is binary cross entropy", () => {
  const plain = bceWithLogits(
    tf.tensor4d(logits, shape),
    tf.tensor4d(target, shape),
  ).dataSync()[0]!;
  assertEquals(valueAndGradient([1, 1, 1, 1, 1, 1]).value, plain);
});

Deno.test("weightedCrossEntropy() needs a weight for each pixel", () => {
  const x = tf.zeros<tf.Rank.R4>(shape);
  assertThrows(
    () => weightedCrossEntropy(x, x),
    TypeError,
    'Cannot use loss "weighted-bce": found a batch without weights',
  );
  assertThrows(
    () => weightedCrossEntropy(x, x, tf.zeros<tf.Rank.R4>([1, 1, 3, 1])),
    TypeError,
    "Cannot compare logits of shape",
  );
});
