/**
 * Gradients of tfjs' functions, for a loss of one's own.
 *
 * tfjs-core on Deno registers none, so that `tf.grad` of a loss written in
 * tfjs' functions fails. `openDevice()` calls
 * {@linkcode registerGradients}; who opens no device calls it by hand. Where
 * a function has a kink or a tie (ReLU at 0, the maximum of equals), the
 * choices are tfjs' own. Runs in a browser.
 *
 * @example
 * ```ts
 * import { openDevice } from "@unet/device";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { assertEquals } from "@std/assert";
 *
 * const device = await openDevice("wasm");
 * const slope = tf.grad((x) => tf.sum(tf.square(x)))(tf.tensor1d([1, -3]));
 * assertEquals([...await slope.data()], [2, -6]);
 * await device.close();
 * ```
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { cannot } from "@unet/errors";

type Attributes = Record<string, unknown>;
type Gradients = Record<string, () => tf.Tensor>;

/** By the output's gradient, what was saved, and the attributes. */
type Gradient = (
  dy: tf.Tensor,
  saved: tf.Tensor[],
  attributes: Attributes,
) => Gradients | (() => tf.Tensor)[];

/**
 * Registers the gradients of the functions that losses and models are made
 * of. Those that are registered already stay as they are.
 *
 * @example
 * ```ts
 * import { registerGradients } from "@unet/device/gradients";
 * import { getGradient } from "@tensorflow/tfjs-core";
 * import { assertExists } from "@std/assert";
 *
 * registerGradients();
 * assertExists(getGradient("Multiply"));
 * ```
 */
export function registerGradients(): void {
  for (const config of gradients) {
    if (!tf.getGradient(config.kernelName)) tf.registerGradient(config);
  }
}

/** y = f(x), with dx from dy and x. */
function ofInput(
  kernelName: string,
  gradient: (dy: tf.Tensor, x: tf.Tensor, attributes: Attributes) => tf.Tensor,
): tf.GradConfig {
  return config(kernelName, { inputsToSave: ["x"] }, (dy, [x], attributes) => ({
    x: () => gradient(dy, x!, attributes),
  }));
}

/** y = f(x), with dx from dy and y. */
function ofOutput(
  kernelName: string,
  gradient: (dy: tf.Tensor, y: tf.Tensor) => tf.Tensor,
): tf.GradConfig {
  return config(kernelName, { outputsToSave: [true] }, (dy, [y]) => ({
    x: () => gradient(dy, y!),
  }));
}

/** y = f(a, b) with broadcasting; da and db may have dy's shape. */
function ofTwo(
  kernelName: string,
  byA: (dy: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  byB: (dy: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
): tf.GradConfig {
  return config(kernelName, { inputsToSave: ["a", "b"] }, (dy, [a, b]) => ({
    a: () => sumTo(byA(dy, a!, b!), a!.shape),
    b: () => sumTo(byB(dy, a!, b!), b!.shape),
  }));
}

/** y is a constant as far as its neighborhood goes. */
function flat(kernelName: string): tf.GradConfig {
  return config(kernelName, {}, (dy) => ({ x: () => tf.zerosLike(dy) }));
}

function config(
  kernelName: string,
  saving: Pick<
    tf.GradConfig,
    "inputsToSave" | "outputsToSave" | "saveAllInputs"
  >,
  gradient: Gradient,
): tf.GradConfig {
  return { kernelName, ...saving, gradFunc: gradient as tf.GradFunc };
}

/** Sums over the axes along which a tensor of `shape` was repeated. */
function sumTo(x: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, x.shape);
  return tf.reshape(axes.length ? tf.sum(x, axes) : x, shape);
}

/** Gives a reduced tensor its axes back, with length 1. */
function restoreAxes(x: tf.Tensor, shape: number[], axis: unknown): tf.Tensor {
  const axes = tf.util.parseAxisParam(axis as number | number[], shape);
  return tf.reshape(
    x,
    shape.map((length, i) => axes.includes(i) ? 1 : length),
  );
}

/**
 * Puts zeros around a tensor. Along one axis, as around a head's channels, they
 * are concatenated, which devices have kernels of their own for.
 */
function surrounded(x: tf.Tensor, zeros: [number, number][]): tf.Tensor {
  const axes = zeros.flatMap(([before, after], axis) =>
    before + after > 0 ? [axis] : []
  );
  const axis = axes[0];
  if (axis === undefined || axes.length > 1) return tf.pad(x, zeros);
  const [before, after] = zeros[axis]!;
  const zerosOf = (count: number): tf.Tensor[] =>
    count === 0 ? [] : [tf.zeros(x.shape.with(axis, count))];
  return tf.concat([...zerosOf(before), x, ...zerosOf(after)], axis);
}

function where(condition: tf.Tensor, x: tf.Tensor): tf.Tensor {
  return tf.where(condition, x, tf.zerosLike(x));
}

function runKernel(
  name: string,
  inputs: Record<string, tf.Tensor>,
  attributes: Attributes,
): tf.Tensor {
  return tf.engine().runKernel(
    name,
    inputs,
    attributes as unknown as tf.NamedAttrMap,
  ) as tf.Tensor;
}

/** One number at a time. */
const unary: readonly tf.GradConfig[] = [
  config("Identity", {}, (dy) => ({ x: () => tf.clone(dy) })),
  config("Cast", {}, (dy) => ({ x: () => tf.clone(dy) })),
  config("Neg", {}, (dy) => ({ x: () => tf.neg(dy) })),
  ofInput("Abs", (dy, x) => tf.mul(dy, tf.sign(x))),
  ofInput("Square", (dy, x) => tf.mul(dy, tf.mul(x, 2))),
  ofOutput("Sqrt", (dy, y) => tf.div(dy, tf.mul(y, 2))),
  ofOutput("Rsqrt", (dy, y) => tf.mul(dy, tf.mul(tf.pow(y, 3), -0.5))),
  ofOutput("Reciprocal", (dy, y) => tf.neg(tf.mul(dy, tf.square(y)))),
  ofOutput("Exp", (dy, y) => tf.mul(dy, y)),
  ofOutput("Expm1", (dy, y) => tf.mul(dy, tf.add(y, 1))),
  ofInput("Log", (dy, x) => tf.div(dy, x)),
  ofInput("Log1p", (dy, x) => tf.div(dy, tf.add(x, 1))),
  ofOutput("Sigmoid", (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y)))),
  ofInput("Softplus", (dy, x) => tf.mul(dy, tf.sigmoid(x))),
  ofOutput("Tanh", (dy, y) => tf.mul(dy, tf.sub(1, tf.square(y)))),
  ofInput("Relu", (dy, x) => tf.mul(dy, tf.step(x))),
  config("LeakyRelu", { inputsToSave: ["x"] }, (dy, [x], { alpha }) => ({
    x: () => tf.where(tf.greater(x!, 0), dy, tf.mul(dy, alpha as number)),
  })),
  ofInput("ClipByValue", (dy, x, { clipValueMin, clipValueMax }) =>
    where(
      tf.logicalAnd(
        tf.greaterEqual(x, clipValueMin as number),
        tf.lessEqual(x, clipValueMax as number),
      ),
      dy,
    )),
  config("Softmax", { outputsToSave: [true] }, (dy, [y], { dim }) => ({
    logits: () => {
      const share = tf.mul(dy, y!);
      return tf.sub(share, tf.mul(tf.sum(share, dim as number, true), y!));
    },
  })),
  ...["Step", "Sign", "Floor", "Ceil", "Round", "ZerosLike", "OnesLike"]
    .map(flat),
];

/** Two numbers at a time. */
const binary: readonly tf.GradConfig[] = [
  ofTwo("Add", (dy) => dy, (dy) => dy),
  ofTwo("Sub", (dy) => dy, (dy) => tf.neg(dy)),
  ofTwo("Multiply", (dy, _a, b) => tf.mul(dy, b), (dy, a) => tf.mul(dy, a)),
  ofTwo(
    "RealDiv",
    (dy, _a, b) => tf.div(dy, b),
    (dy, a, b) => tf.neg(tf.div(tf.mul(dy, a), tf.square(b))),
  ),
  ofTwo(
    "SquaredDifference",
    (dy, a, b) => tf.mul(dy, tf.mul(tf.sub(a, b), 2)),
    (dy, a, b) => tf.mul(dy, tf.mul(tf.sub(b, a), 2)),
  ),
  ofTwo(
    "Maximum",
    (dy, a, b) => where(tf.greaterEqual(a, b), dy),
    (dy, a, b) => where(tf.less(a, b), dy),
  ),
  ofTwo(
    "Minimum",
    (dy, a, b) => where(tf.lessEqual(a, b), dy),
    (dy, a, b) => where(tf.greater(a, b), dy),
  ),
  ofTwo(
    "Pow",
    (dy, a, b) => tf.mul(dy, tf.mul(b, tf.pow(a, tf.sub(b, 1)))),
    (dy, a, b) => {
      const positive = tf.greater(a, 0);
      const log = tf.where(positive, tf.log(a), tf.zerosLike(a));
      return tf.mul(dy, tf.mul(tf.pow(a, b), log));
    },
  ),
  config(
    "AddN",
    { saveAllInputs: true },
    (dy, saved) => saved.map(() => () => tf.clone(dy)),
  ),
  config("Select", { inputsToSave: ["condition"] }, (dy, [condition]) => ({
    condition: () => tf.zerosLike(tf.cast(condition!, "float32")),
    t: () => tf.mul(dy, tf.cast(condition!, "float32")),
    e: () => tf.mul(dy, tf.cast(tf.logicalNot(condition!), "float32")),
  })),
];

/** Many to one. */
const reduction: readonly tf.GradConfig[] = [
  ofInput(
    "Sum",
    (dy, x, { axis }) => tf.mul(restoreAxes(dy, x.shape, axis), tf.onesLike(x)),
  ),
  ofInput("Mean", (dy, x, { axis }) =>
    tf.div(
      tf.mul(restoreAxes(dy, x.shape, axis), tf.onesLike(x)),
      x.size / dy.size,
    )),
  // The axes have another name in each of the two.
  ...([["Max", "reductionIndices"], ["Min", "axis"]] as const).map((
    [name, key],
  ) =>
    config(
      name,
      { inputsToSave: ["x"], outputsToSave: [true] },
      (dy, [x, y], { [key]: axis }) => ({
        x: () => {
          const chosen = tf.equal(x!, restoreAxes(y!, x!.shape, axis));
          return tf.mul(
            restoreAxes(dy, x!.shape, axis),
            tf.cast(chosen, "float32"),
          );
        },
      }),
    )
  ),
];

/** The same numbers in another place. */
const arrangement: readonly tf.GradConfig[] = [
  ofInput("Reshape", (dy, x) => tf.reshape(dy, x.shape)),
  config("ExpandDims", { inputsToSave: ["input"] }, (dy, [input]) => ({
    input: () => tf.reshape(dy, input!.shape),
  })),
  config("Transpose", {}, (dy, _saved, { perm }) => ({
    x: () =>
      tf.transpose(
        dy,
        tf.backend_util.getUndoAxesPermutation(perm as number[]),
      ),
  })),
  config("Reverse", {}, (dy, _saved, { dims }) => ({
    x: () => tf.reverse(dy, dims as number[]),
  })),
  config("Concat", { saveAllInputs: true }, (dy, saved, { axis }) => {
    const [along] = tf.util.parseAxisParam(axis as number, saved[0]!.shape);
    let from = 0;
    return saved.map((part) => {
      const begin = part.shape.map((_, i) => i === along ? from : 0);
      from += part.shape[along!]!;
      return () => tf.slice(dy, begin, part.shape);
    });
  }),
  config("SplitV", {}, (dy, _saved, { axis }) => ({
    x: () => tf.concat(dy as unknown as tf.Tensor[], axis as number),
  })),
  config(
    "Pack",
    { saveAllInputs: true },
    (dy, _saved, { axis }) =>
      tf.unstack(dy, axis as number).map((part) => () => part),
  ),
  config("Unpack", {}, (dy, _saved, { axis }) => ({
    value: () => tf.stack(dy as unknown as tf.Tensor[], axis as number),
  })),
  ofInput("Slice", (dy, x, { begin, size }) => {
    const [begins, sizes] = tf.slice_util.parseSliceParams(
      x,
      begin as number[],
      size as number[],
    ) as [number[], number[]];
    return surrounded(
      dy,
      x.shape.map((length, i) => [
        begins[i]!,
        length - begins[i]! - sizes[i]!,
      ]),
    );
  }),
  ofInput(
    "PadV2",
    (dy, x, { paddings }) =>
      tf.slice(
        dy,
        (paddings as number[][]).map(([before]) => before!),
        x.shape,
      ),
  ),
  ofInput("Tile", (dy, x, { reps }) => {
    // Axis by axis, each split into which repetition and where in x: all at
    // once would be twice the dimensions, more than some devices have.
    let sum = dy;
    x.shape.forEach((length, i) => {
      const before = sum.shape.slice(0, i), after = sum.shape.slice(i + 1);
      const split = [...before, (reps as number[])[i]!, length, ...after];
      sum = tf.sum(tf.reshape(sum, split), i);
    });
    return tf.reshape(sum, x.shape);
  }),
];

/** What networks are made of. */
const layers: readonly tf.GradConfig[] = [
  config(
    "BatchMatMul",
    { inputsToSave: ["a", "b"] },
    (dy, [a, b], { transposeA, transposeB }) => ({
      a: () =>
        sumTo(
          transposeA
            ? tf.matMul(b!, dy, transposeB as boolean, true)
            : tf.matMul(dy, b!, false, !transposeB),
          a!.shape,
        ),
      b: () =>
        sumTo(
          transposeB
            ? tf.matMul(dy, a!, true, transposeA as boolean)
            : tf.matMul(a!, dy, !transposeA, false),
          b!.shape,
        ),
    }),
  ),
  config("Conv2D", { inputsToSave: ["x", "filter"] }, (
    dy,
    [x, filter],
    attributes,
  ) => {
    const given = convolutionAttributes(attributes);
    return {
      x: () =>
        runKernel("Conv2DBackpropInput", { dy, filter: filter! }, {
          ...given,
          inputShape: x!.shape,
        }),
      filter: () =>
        runKernel("Conv2DBackpropFilter", { x: x!, dy }, {
          ...given,
          filterShape: filter!.shape,
        }),
    };
  }),
  config("Conv2DBackpropInput", { inputsToSave: ["dy", "filter"] }, (
    ddx,
    [dy, filter],
    attributes,
  ) => {
    const given = convolutionAttributes(attributes);
    return {
      dy: () =>
        runKernel("Conv2D", { x: ddx, filter: filter! }, {
          ...given,
          dilations: 1,
        }),
      filter: () =>
        runKernel("Conv2DBackpropFilter", { x: ddx, dy: dy! }, {
          ...given,
          filterShape: filter!.shape,
        }),
    };
  }),
  config(
    "MaxPool",
    { inputsToSave: ["x"], outputsToSave: [true] },
    (dy, [input, output], attributes) => ({
      x: () =>
        runKernel(
          "MaxPoolGrad",
          { dy, input: input!, output: output! },
          attributes,
        ),
    }),
  ),
  ofInput(
    "AvgPool",
    (dy, input, attributes) =>
      runKernel("AvgPoolGrad", { dy, input }, attributes),
  ),
];

function convolutionAttributes(
  { strides, pad, dataFormat, dimRoundingMode, dilations }: Attributes,
): Attributes {
  if (!tf.backend_util.tupleValuesAreOne((dilations ?? 1) as number)) {
    throw new RangeError(
      cannot("compute", "gradient", "Conv2D", {
        found: `dilations ${dilations}`,
        expected: "1",
      }),
    );
  }
  return { strides, pad, dataFormat, dimRoundingMode };
}

/** All of them. */
const gradients: readonly tf.GradConfig[] = [
  ...unary,
  ...binary,
  ...reduction,
  ...arrangement,
  ...layers,
];

/** The kernels whose gradients {@linkcode registerGradients} registers. */
export const differentiableKernels: readonly string[] = gradients.map((
  { kernelName },
) => kernelName);
