import * as tf from "@tensorflow/tfjs-core";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { differentiableKernels, registerGradients } from "./gradients.ts";
import { openDevice } from "./open_device.ts";

type Function = (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];

/** What to differentiate, the shapes of its inputs, and their range. */
const functions: Record<string, [Function, number[][], [number, number]?]> = {
  abs: [tf.abs, [[2, 3]]],
  square: [tf.square, [[2, 3]]],
  sqrt: [tf.sqrt, [[2, 3]], [0.5, 2]],
  rsqrt: [tf.rsqrt, [[2, 3]], [0.5, 2]],
  reciprocal: [tf.reciprocal, [[2, 3]], [0.5, 2]],
  exp: [tf.exp, [[2, 3]]],
  expm1: [tf.expm1, [[2, 3]]],
  log: [tf.log, [[2, 3]], [0.5, 2]],
  log1p: [tf.log1p, [[2, 3]], [0.5, 2]],
  sigmoid: [tf.sigmoid, [[2, 3]]],
  softplus: [tf.softplus, [[2, 3]]],
  tanh: [tf.tanh, [[2, 3]]],
  relu: [tf.relu, [[2, 3]]],
  leakyRelu: [(x) => tf.leakyRelu(x, 0.3), [[2, 3]]],
  neg: [tf.neg, [[2, 3]]],
  clipByValue: [(x) => tf.clipByValue(x, -0.5, 0.5), [[4, 5]]],
  softmax: [(x) => tf.softmax(x), [[2, 3]]],
  logSoftmax: [(x) => tf.logSoftmax(x), [[2, 3]]],
  identity: [(x) => tf.clone(x), [[2, 3]]],
  cast: [(x) => tf.cast(x, "float32"), [[2, 3]]],
  step: [(x) => tf.add(tf.step(x), x), [[2, 3]]],
  sign: [(x) => tf.add(tf.sign(x), x), [[2, 3]]],
  floor: [(x) => tf.add(tf.floor(x), x), [[2, 3]]],
  ceil: [(x) => tf.add(tf.ceil(x), x), [[2, 3]]],
  round: [(x) => tf.add(tf.round(x), x), [[2, 3]], [0.6, 1.4]],
  zerosLike: [(x) => tf.add(tf.zerosLike(x), x), [[2, 3]]],
  onesLike: [(x) => tf.add(tf.onesLike(x), x), [[2, 3]]],
  add: [tf.add, [[2, 3], [3]]],
  sub: [tf.sub, [[3], [2, 3]]],
  mul: [tf.mul, [[2, 1], [1, 3]]],
  div: [tf.div, [[2, 3], [3]], [0.5, 2]],
  squaredDifference: [tf.squaredDifference, [[2, 3], [3]]],
  maximum: [tf.maximum, [[2, 3], [3]]],
  minimum: [tf.minimum, [[2, 3], [3]]],
  pow: [tf.pow, [[2, 3], [3]], [0.5, 2]],
  addN: [(a, b, c) => tf.addN([a!, b!, c!]), [[2, 3], [2, 3], [2, 3]]],
  where: [(a, b) => tf.where(tf.tensor1d([1, 0, 1], "bool"), a!, b!), [
    [3],
    [3],
  ]],
  sum: [(x) => tf.sum(x, [0, 2]), [[2, 3, 2]]],
  sumOfAll: [(x) => tf.sum(x), [[2, 3]]],
  sumKept: [(x) => tf.sum(x, 1, true), [[2, 3]]],
  mean: [(x) => tf.mean(x, [1]), [[2, 3, 2]]],
  max: [(x) => tf.max(x, 1), [[2, 3, 2]]],
  min: [(x) => tf.min(x, [0, 1]), [[2, 3, 2]]],
  reshape: [(x) => tf.reshape(x, [3, 2]), [[2, 3]]],
  expandDims: [(x) => tf.expandDims(x, 1), [[2, 3]]],
  transpose: [(x) => tf.transpose(x, [2, 0, 1]), [[2, 3, 4]]],
  reverse: [(x) => tf.reverse(x, 1), [[2, 3]]],
  concat: [(a, b) => tf.concat([a!, b!], -1), [[2, 3], [2, 1]]],
  split: [(x) => tf.split(x, [1, 2], 1), [[2, 3]]],
  stack: [(a, b) => tf.stack([a!, b!], 1), [[2, 3], [2, 3]]],
  unstack: [(x) => tf.unstack(x, 1), [[2, 3]]],
  slice: [(x) => tf.slice(x, [1, 0], [-1, 2]), [[3, 4]]],
  pad: [(x) => tf.pad(x, [[1, 0], [0, 2]], 3), [[2, 3]]],
  tile: [(x) => tf.tile(x, [2, 3]), [[2, 2]]],
  matMul: [(a, b) => tf.matMul(a!, b!), [[2, 3], [3, 2]]],
  matMulTransposed: [(a, b) => tf.matMul(a!, b!, true, true), [[3, 2], [2, 3]]],
  matMulHalfTransposed: [(a, b) => tf.matMul(a!, b!, false, true), [
    [2, 2, 3],
    [2, 1, 3],
  ]],
  matMulOtherHalfTransposed: [(a, b) => tf.matMul(a!, b!, true), [
    [3, 2],
    [3, 1],
  ]],
  conv2d: [
    (x, filter) =>
      tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, "same"),
    [[1, 3, 4, 2], [3, 3, 2, 4]],
  ],
  conv2dTranspose: [
    (x, filter) =>
      tf.conv2dTranspose(
        x as tf.Tensor4D,
        filter as tf.Tensor4D,
        [1, 4, 4, 3],
        2,
        "valid",
      ),
    [[1, 2, 2, 2], [2, 2, 3, 2]],
  ],
  maxPool: [(x) => tf.maxPool(x as tf.Tensor4D, 2, 2, "valid"), [[1, 4, 2, 3]]],
  avgPool: [(x) => tf.avgPool(x as tf.Tensor4D, 2, 2, "valid"), [[1, 4, 2, 3]]],
};

await openDevice("wasm");

for (const [name, [compute, shapes, range]] of Object.entries(functions)) {
  Deno.test(`registerGradients() gives tf.${name} the slope that differences show`, () => {
    const inputs = shapes.map((shape, i) =>
      tf.tensor(createNumbers(i + 1, range ?? [-1, 1])(size(shape)), shape)
    );
    const before = tf.memory().numTensors;
    const weighted: (...inputs: tf.Tensor[]) => tf.Scalar = (...inputs) =>
      [compute(...inputs)].flat().reduce<tf.Scalar>((sum, output, i) => {
        const weights = createNumbers(i + 7, [0.5, 2])(output.size);
        const products = tf.mul(output, tf.tensor(weights, output.shape));
        return tf.add(sum, tf.sum(products));
      }, tf.scalar(0));
    const gradients = tf.grads(weighted)(inputs);
    for (const [which, input] of inputs.entries()) {
      const actual = gradients[which]!.dataSync();
      assertEquals(gradients[which]!.shape, input.shape);
      const values = input.dataSync();
      for (const place of values.keys()) {
        const step = 1 / 128;
        const [above, below] = [step, -step].map((move) =>
          tf.tidy(() => {
            const moved = Float32Array.from(values);
            moved[place]! += move;
            return weighted(
              ...inputs.map((input, i) =>
                i === which ? tf.tensor(moved, input.shape) : input
              ),
            ).dataSync()[0]!;
          })
        );
        const slope = (above! - below!) / (2 * step);
        const error = Math.abs(actual[place]! - slope);
        assert(
          error <= 5e-3 * Math.max(1, Math.abs(slope)),
          `input ${which}[${place}]: found ${actual[place]}, expected ${slope}`,
        );
      }
    }
    tf.dispose(gradients);
    assertEquals(tf.memory().numTensors, before);
    tf.dispose(inputs);
  });
}

Deno.test("registerGradients() leaves no kernel untested", async () => {
  const seen = new Set(["Conv2DBackpropInput"]);
  for (const [compute, shapes] of Object.values(functions)) {
    const { kernelNames } = await tf.profile(() =>
      tf.tidy(() => {
        compute(...shapes.map((shape) => tf.ones(shape)));
        return [];
      })
    );
    kernelNames.forEach((name) => seen.add(name));
  }
  const untested = differentiableKernels.filter((name) => !seen.has(name));
  assertEquals(untested, []);
});

Deno.test("registerGradients() keeps a gradient that is there already", () => {
  const own: tf.GradConfig = {
    kernelName: "Square",
    gradFunc: () => ({ x: () => tf.scalar(7) }),
  };
  const registered = tf.getGradient("Square")!;
  tf.unregisterGradient("Square");
  tf.registerGradient(own);
  registerGradients();
  assertEquals(tf.getGradient("Square"), own);
  tf.unregisterGradient("Square");
  tf.registerGradient(registered);
});

Deno.test("registerGradients() refuses dilated convolutions in words", () => {
  assertThrows(
    () =>
      tf.grad((x) =>
        tf.sum(
          tf.conv2d(
            x as tf.Tensor4D,
            tf.ones([3, 3, 1, 4]) as tf.Tensor4D,
            1,
            "same",
            "NHWC",
            2,
          ),
        )
      )(tf.ones([1, 5, 5, 1])),
    RangeError,
    "found dilations 2, expected 1",
  );
});

function size(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** Numbers spread over a range, none of them close to where a slope jumps. */
function createNumbers(
  seed: number,
  [low, high]: readonly [number, number],
): (count: number) => number[] {
  return (count) =>
    Array.from({ length: count }, (_, i) => {
      const share = (0.618034 * (i + 1) + 0.273 * seed) % 1;
      const value = low + (high - low) * share;
      const jump = Math.round(2 * value) / 2;
      return Math.abs(value - jump) < 0.02 ? value + 0.04 : value;
    });
}
