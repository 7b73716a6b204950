import "@tensorflow/tfjs-backend-cpu";
import { assert, assertAlmostEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { objectTask } from "@unet/task";
import { borderLoss } from "./border_loss.ts";
import { diceLoss } from "./dice_loss.ts";
import type { Loss } from "./loss.ts";
import { lossByName } from "./loss_by_name.ts";
import { lossOfHeads } from "./loss_of_heads.ts";

await tf.setBackend("cpu");

const logits = [0.5, -1.25, 2, -0.5, 300, 1, -4, -300];
const truth = [1, 0, -1, 1, -1, 0, 0, -1];
const weights = [1, 2, 3, 4, 5, 6, 7, 8];
const labeled = truth.flatMap((own, at) => own < 0 ? [] : [at]);

const losses: Readonly<Record<string, readonly [sparse: Loss, whole: Loss]>> = {
  ...Object.fromEntries(
    ["bce", "dice", "bce+dice", "weighted-bce"].map((name) => [
      name,
      [lossByName(name, { isSparse: true }), lossByName(name)] as const,
    ]),
  ),
  border: [borderLoss({ isSparse: true }), borderLoss()],
};

function valueAndGradient(
  loss: Loss,
  at: readonly number[],
): { value: number; gradient: number[] } {
  const shape: [number, number, number, number] = [1, 1, at.length, 1];
  const of = (values: readonly number[]) =>
    tf.tensor4d(at.map((index) => values[index]!), shape);
  const x = of(logits), y = of(truth), w = of(weights);
  const { value, grad } = tf.valueAndGrad((x: tf.Tensor4D) => loss(x, y, w))(x);
  const result = {
    value: value.dataSync()[0]!,
    gradient: [...grad.dataSync()],
  };
  tf.dispose([x, y, w, value, grad]);
  return result;
}

const all = logits.map((_, at) => at);

for (const [name, [sparse, whole]] of Object.entries(losses)) {
  Deno.test(`${name} of some labeled elements is the loss of these alone`, () => {
    const tensors = tf.memory().numTensors;
    const found = valueAndGradient(sparse, all);
    const wanted = valueAndGradient(whole, labeled);
    assertAlmostEquals(found.value, wanted.value, 1e-6);
    for (const at of all) {
      const place = labeled.indexOf(at);
      const expected = place < 0 ? 0 : wanted.gradient[place]!;
      assertAlmostEquals(found.gradient[at]!, expected, 1e-7, `${at}`);
    }
    assert(tf.memory().numTensors === tensors);
  });

  Deno.test(`${name} of what is labeled altogether is the plain loss`, () => {
    const found = valueAndGradient(sparse, labeled);
    const wanted = valueAndGradient(whole, labeled);
    assertAlmostEquals(found.value, wanted.value, 1e-7);
    found.gradient.forEach((own, at) =>
      assertAlmostEquals(own, wanted.gradient[at]!, 1e-7)
    );
  });
}

Deno.test("a loss of nothing labeled is finite and has no gradient", () => {
  const nowhere = truth.flatMap((own, at) => own < 0 ? [at] : []);
  for (const [name, [sparse]] of Object.entries(losses)) {
    const { value, gradient } = valueAndGradient(sparse, nowhere);
    assert(Number.isFinite(value), name);
    assert(gradient.every((own) => own === 0), name);
  }
});

Deno.test("lossOfHeads() leaves out of each head what that head has no label for", () => {
  const { heads } = objectTask({ loss: "dice", borderWeight: 0.5 });
  const loss = lossOfHeads(heads, { isSparse: true });
  const x = tf.tensor4d([1, -1, 2, 0.5], [1, 1, 2, 2]);
  const y = tf.tensor4d([1, -1, -1, 0], [1, 1, 2, 2]);
  const first = tf.tensor4d([1], [1, 1, 1, 1]);
  const second = tf.tensor4d([0.5], [1, 1, 1, 1]), none = tf.zerosLike(first);
  const object = diceLoss()(first, first);
  const border = borderLoss({ weight: 0.5 })(second, none);
  assertAlmostEquals(
    loss(x, y).dataSync()[0]!,
    object.dataSync()[0]! + border.dataSync()[0]!,
    1e-6,
  );
});
