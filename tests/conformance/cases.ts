import { createRandom } from "@unet/random";
import { fusedKernels } from "@unet/device/fused-kernels";
import { type Case, of, type TensorSpec } from "./case.ts";
import { convolutionCases } from "./convolution_cases.ts";
import { fusedCases } from "./fused_cases.ts";

/** Shapes `[N, H, W, C]` that have been trouble somewhere. */
const oddShapes: readonly (readonly number[])[] = [
  [1, 1, 1, 1],
  [2, 5, 7, 3],
  [1, 9, 4, 6],
  [3, 2, 11, 8],
];

const strange = [NaN, Infinity, -Infinity];

/** Kernels from one tensor to one, and the range where they are defined. */
const unary: readonly [
  string,
  [number, number],
  Record<string, unknown>?,
][] = [
  ["Abs", [-3, 3]],
  ["Ceil", [-3, 3]],
  ["ClipByValue", [-3, 3], { clipValueMin: -1, clipValueMax: 1.5 }],
  ["Exp", [-10, 10]],
  ["Expm1", [-3, 3]],
  ["Floor", [-3, 3]],
  ["Identity", [-3, 3]],
  ["IsFinite", [-3, 3]],
  ["IsNan", [-3, 3]],
  ["LeakyRelu", [-3, 3], { alpha: 0.2 }],
  ["Log", [0.01, 10]],
  ["Log1p", [-0.9, 10]],
  ["Neg", [-3, 3]],
  ["OnesLike", [-3, 3]],
  ["Reciprocal", [0.1, 3]],
  ["Relu", [-3, 3]],
  ["Round", [-3, 3]],
  ["Rsqrt", [0.01, 10]],
  ["Sigmoid", [-20, 20]],
  ["Sign", [-3, 3]],
  ["Softplus", [-20, 20]],
  ["Sqrt", [0, 10]],
  ["Square", [-3, 3]],
  ["Step", [-3, 3], { alpha: 0 }],
  ["Tanh", [-5, 5]],
  ["ZerosLike", [-3, 3]],
];

const arithmetic: readonly [string, [number, number]][] = [
  ["Add", [-3, 3]],
  ["Maximum", [-3, 3]],
  ["Minimum", [-3, 3]],
  ["Multiply", [-3, 3]],
  ["Pow", [0.1, 3]],
  ["RealDiv", [0.1, 3]],
  ["SquaredDifference", [-3, 3]],
  ["Sub", [-3, 3]],
];

const comparisons: readonly string[] = [
  "Equal",
  "Greater",
  "GreaterEqual",
  "Less",
  "LessEqual",
  "NotEqual",
];

const elementwise: readonly Case[] = [
  ...unary.flatMap(([kernel, range, attrs]) =>
    oddShapes.map((shape) =>
      of(kernel, `${shape}`, { x: { shape, range } }, attrs)
    )
  ),
  ...arithmetic.flatMap(([kernel, range]) => [
    ...oddShapes.map((shape) =>
      of(kernel, `${shape}`, { a: { shape, range }, b: { shape, range } })
    ),
    of(kernel, "channels broadcast", {
      a: { shape: [2, 5, 7, 3], range },
      b: { shape: [3], range },
    }),
    of(kernel, "a number broadcast from the left", {
      a: { shape: [], range },
      b: { shape: [2, 5, 7, 3], range },
    }),
  ]),
  ...comparisons.map((kernel) =>
    of(kernel, "with ties", {
      a: { shape: [3, 5], range: [0, 3], dtype: "int32" },
      b: { shape: [5], range: [0, 3], dtype: "int32" },
    })
  ),
  ...["LogicalAnd", "LogicalOr"].map((kernel) =>
    of(kernel, "", {
      a: { shape: [3, 5], range: [0, 2], dtype: "bool" },
      b: { shape: [3, 5], range: [0, 2], dtype: "bool" },
    })
  ),
  of("LogicalNot", "", { x: { shape: [7], range: [0, 2], dtype: "bool" } }),
  of("Select", "", {
    condition: { shape: [3, 5], range: [0, 2], dtype: "bool" },
    t: { shape: [3, 5] },
    e: { shape: [3, 5] },
  }),
  of("AddN", "three", {
    0: { shape: [3, 5] },
    1: { shape: [3, 5] },
    2: { shape: [3, 5] },
  }),
  of("Softmax", "", { logits: { shape: [3, 5], range: [-9, 9] } }, { dim: 1 }),
  ...["int32", "bool"].map((dtype) =>
    of("Cast", `to ${dtype}`, { x: { shape: [7], range: [-3, 3] } }, { dtype })
  ),
  of("Cast", "from int32", {
    x: { shape: [7], range: [-9, 9], dtype: "int32" },
  }, { dtype: "float32" }),
  // What must not get lost, since training looks for it in the loss.
  ...["Add", "Multiply", "Sub", "RealDiv", "SquaredDifference"].map((kernel) =>
    of(kernel, "NaN and infinities", {
      a: { shape: [2, 5, 7, 3], strange },
      b: { shape: [2, 5, 7, 3] },
    })
  ),
  ...["Exp", "Log", "Neg", "Sigmoid", "Sqrt", "Square", "Tanh", "IsFinite"]
    .map((kernel) =>
      of(kernel, "NaN and infinities", { x: { shape: [11], strange } })
    ),
];

const reductionShapes: readonly [readonly number[], readonly number[]][] = [
  [[1, 1, 1, 1], [0, 1, 2, 3]],
  [[2, 5, 7, 3], [0, 1, 2]],
  [[3, 11, 13, 8], [0, 1, 2]],
  [[2, 5, 7, 3], [1, 2, 3]],
  [[2, 5, 7, 3], [0, 1, 2, 3]],
  [[2, 5, 7, 3], [3]],
];

const reductions: readonly Case[] = [
  ...["Sum", "Mean"].flatMap((kernel) =>
    reductionShapes.map(([shape, axis]) =>
      of(kernel, `${shape} over ${axis}`, { x: { shape } }, {
        axis,
        keepDims: false,
      })
    )
  ),
  of("Sum", "kept axes", { x: { shape: [2, 5, 7, 3] } }, {
    axis: [0, 1, 2],
    keepDims: true,
  }),
  of("Sum", "NaN", { x: { shape: [2, 5, 7, 3], strange: [NaN] } }, {
    axis: [0, 1, 2],
    keepDims: false,
  }),
  of("Sum", "integers", {
    x: { shape: [2, 5, 3], range: [-9, 9], dtype: "int32" },
  }, {
    axis: [0, 1],
    keepDims: false,
  }),
  ...reductionShapes.flatMap(([shape, axis]) => [
    of("Max", `${shape} over ${axis}`, { x: { shape } }, {
      reductionIndices: axis,
      keepDims: false,
    }),
    of("Min", `${shape} over ${axis}`, { x: { shape } }, {
      axis,
      keepDims: false,
    }),
  ]),
  ...["All", "Any"].map((kernel) =>
    of(kernel, "", { x: { shape: [4, 3], range: [0, 2], dtype: "bool" } }, {
      axis: [1],
      keepDims: false,
    })
  ),
  of("ArgMax", "", { x: { shape: [4, 5] } }, { axis: 1 }),
];

const arrangements: readonly Case[] = [
  ...[[3, 5], [4, 8], [1, 1]].flatMap(([a, b]) =>
    [[1, 1, 1], [2, 5, 7]].map((front) =>
      of("Concat", `channels, ${[...front, a]} and ${[...front, b]}`, {
        0: { shape: [...front, a!] },
        1: { shape: [...front, b!] },
      }, { axis: 3 })
    )
  ),
  of("Concat", "rows", { 0: { shape: [2, 3] }, 1: { shape: [4, 3] } }, {
    axis: 0,
  }),
  of("Concat", "integers", {
    0: { shape: [2, 3], range: [-9, 9], dtype: "int32" },
    1: { shape: [2, 2], range: [-9, 9], dtype: "int32" },
  }, { axis: 1 }),
  of("Slice", "first channels", { x: { shape: [2, 5, 7, 6] } }, {
    begin: [0, 0, 0, 0],
    size: [-1, -1, -1, 4],
  }),
  of("Slice", "last channels", { x: { shape: [2, 5, 7, 6] } }, {
    begin: [0, 0, 0, 3],
    size: [-1, -1, -1, -1],
  }),
  of("Slice", "one of two channels of many", { x: { shape: [2, 48, 48, 2] } }, {
    begin: [0, 0, 0, 1],
    size: [-1, -1, -1, 1],
  }),
  of("Slice", "a window", { x: { shape: [2, 5, 7, 6] } }, {
    begin: [1, 1, 2, 1],
    size: [1, 3, 2, 4],
  }),
  of("Slice", "nothing", { x: { shape: [2, 3] } }, {
    begin: [0, 1],
    size: [2, 0],
  }),
  of("SplitV", "", { x: { shape: [4, 6] } }, {
    numOrSizeSplits: [2, 4],
    axis: 1,
  }),
  of("Pack", "", { 0: { shape: [2, 3] }, 1: { shape: [2, 3] } }, { axis: 1 }),
  of("Unpack", "", { value: { shape: [2, 3] } }, { axis: 1 }),
  of("PadV2", "", { x: { shape: [1, 3, 2, 3] } }, {
    paddings: [[0, 0], [1, 2], [0, 1], [0, 0]],
    constantValue: 0.5,
  }),
  ...["reflect", "symmetric"].map((mode) =>
    of("MirrorPad", mode, { x: { shape: [1, 4, 3, 2] } }, {
      paddings: [[0, 0], [2, 1], [1, 2], [0, 0]],
      mode,
    })
  ),
  of("Transpose", "", { x: { shape: [2, 3, 4, 5] } }, { perm: [3, 0, 2, 1] }),
  of("Reverse", "", { x: { shape: [3, 3, 4, 5] } }, { dims: [0, 1] }),
  of("Tile", "", { x: { shape: [2, 1, 3] } }, { reps: [1, 4, 2] }),
  of("GatherV2", "", {
    x: { shape: [5, 3] },
    indices: { shape: [4], values: [4, 0, 0, 2], dtype: "int32" },
  }, { axis: 0, batchDims: 0 }),
  of("Reshape", "", { x: { shape: [2, 6] } }, { shape: [3, 4] }),
  of("ExpandDims", "", { input: { shape: [2, 6] } }, { dim: 1 }),
  of("Fill", "", {}, { shape: [2, 3], value: 1.5, dtype: "float32" }),
];

const poolingShapes = [[1, 2, 2, 1], [2, 4, 6, 3], [1, 8, 10, 8], [2, 5, 7, 5]];

const poolings: readonly Case[] = poolingShapes.flatMap((shape) => {
  const [n, h, w, c] = shape as [number, number, number, number];
  const halves = [n, Math.floor(h / 2), Math.floor(w / 2), c];
  const about = `${shape}`;
  const attrs = { filterSize: [2, 2], strides: [2, 2], pad: "valid" };
  // Integers, so that windows have ties.
  const x = {
    shape,
    values: drawValues({ shape, range: [-3, 3], whole: true }),
  };
  const output = { shape: halves, values: maxOfWindows(x.values, shape) };
  const dy = { shape: halves };
  return [
    of("MaxPool", about, { x }, attrs),
    of("MaxPoolGrad", about, { dy, input: x, output }, attrs),
    of("AvgPool", about, { x }, attrs),
    of("AvgPoolGrad", about, { dy, input: x }, attrs),
  ];
});

/** The pooling of residual networks: windows of 3×3 that overlap. */
const overlappingPoolings: readonly Case[] = [
  ...poolingShapes,
  [1, 20, 12, 32],
].flatMap((shape) => {
  const [n, h, w, c] = shape as [number, number, number, number];
  const about = `${shape}, 3×3, stride 2`;
  const attrs = { filterSize: [3, 3], strides: [2, 2], pad: 1 };
  // Integers, many of them 0 as after ReLU, so that windows have ties.
  const x = {
    shape,
    values: drawValues({ shape, range: [-3, 3], whole: true })
      .map((value) => Math.max(0, value)),
  };
  const halves = [n, Math.ceil(h / 2), Math.ceil(w / 2), c];
  const values: number[] = [];
  for (let place = 0; place < n * halves[1]! * halves[2]! * c; place++) {
    const channel = place % c, column = Math.floor(place / c) % halves[2]!;
    const line = Math.floor(place / c / halves[2]!);
    const row = line % halves[1]!, image = Math.floor(line / halves[1]!);
    let largest = -Infinity;
    for (let tap = 0; tap < 9; tap++) {
      const y = 2 * row - 1 + Math.floor(tap / 3),
        at = 2 * column - 1 + tap % 3;
      if (y < 0 || y >= h || at < 0 || at >= w) continue;
      const value = x.values[((image * h + y) * w + at) * c + channel]!;
      largest = Math.max(largest, value);
    }
    values.push(largest);
  }
  const output = { shape: halves, values }, dy = { shape: halves };
  return [
    of("MaxPool", about, { x }, attrs),
    of("MaxPoolGrad", about, { dy, input: x, output }, attrs),
  ];
});

/** Each pixel twice along both axes, and back. */
const upsamplings: readonly Case[] = [
  [1, 1, 1, 1],
  [2, 3, 5, 3],
  [1, 4, 6, 16],
  [1, 5, 3, 32],
].flatMap((images) => {
  const [n, h, w, c] = images as [number, number, number, number];
  const about = `${images}`;
  const attrs = { alignCorners: false, halfPixelCenters: false };
  return [
    of("ResizeNearestNeighbor", about, { images: { shape: images } }, {
      ...attrs,
      size: [2 * h, 2 * w],
    }),
    of(fusedKernels.upNearestGrad, about, {
      dy: { shape: [n, 2 * h, 2 * w, c] },
    }),
  ];
});

/** The greatest of each 2×2 window of an image `[N, H, W, C]`. */
function maxOfWindows(
  values: readonly number[],
  shape: readonly number[],
): number[] {
  const [n, h, w, c] = shape as [number, number, number, number];
  const result: number[] = [];
  for (let image = 0; image < n; image++) {
    for (let y = 0; y + 1 < h; y += 2) {
      for (let x = 0; x + 1 < w; x += 2) {
        for (let channel = 0; channel < c; channel++) {
          const at = (dy: number, dx: number) =>
            values[((image * h + y + dy) * w + x + dx) * c + channel]!;
          result.push(Math.max(at(0, 0), at(0, 1), at(1, 0), at(1, 1)));
        }
      }
    }
  }
  return result;
}

const strangePoolings: readonly Case[] = [
  of("MaxPool", "3x3, stride 1, same", { x: { shape: [1, 5, 6, 3] } }, {
    filterSize: [3, 3],
    strides: [1, 1],
    pad: "same",
  }),
];

const products: readonly Case[] = [
  [false, false],
  [false, true],
  [true, false],
  [true, true],
].map(([transposeA, transposeB]) =>
  of("BatchMatMul", `${transposeA ? "aᵀ" : "a"} ${transposeB ? "bᵀ" : "b"}`, {
    a: { shape: transposeA ? [2, 5, 3] : [2, 3, 5] },
    b: { shape: transposeB ? [2, 7, 5] : [2, 5, 7] },
  }, { transposeA, transposeB })
);

const normalizations: readonly Case[] = [
  ...oddShapes,
  [2, 40, 30, 5],
  [1, 3, 3, 260],
].flatMap((shape) => {
  const channels = [shape.at(-1)!];
  const about = `${shape}`;
  const inputs = {
    x: { shape, range: [-1, 5] },
    scale: { shape: channels, range: [-2, 2] },
    offset: { shape: channels },
    mean: { shape: channels },
    variance: { shape: channels, range: [0.1, 2] },
  } satisfies Record<string, TensorSpec>;
  const { x, scale, offset, mean, variance } = inputs;
  // Single pixels have no variance, and their gradients cancel to nothing.
  const trained = shape.slice(0, 3).some((length) => length > 1);
  return [
    of("FusedBatchNorm", about, inputs, { varianceEpsilon: 1e-5 }),
    of("FusedBatchNorm", `${about}, neither scale nor offset`, {
      x,
      mean,
      variance,
    }, { varianceEpsilon: 1e-5 }),
    ...[false, true].flatMap((relu) => [
      of(
        fusedKernels.batchNormTrain,
        relu ? `${about}, ReLU` : about,
        { x, scale, offset },
        { epsilon: 1e-5, relu },
      ),
      ...trained
        ? [
          of(fusedKernels.batchNormTrainGrad, relu ? `${about}, ReLU` : about, {
            dy: { shape },
            x,
            y: { shape },
            scale,
            mean,
            variance,
          }, { epsilon: 1e-5, relu }),
        ]
        : [],
    ]),
    of(fusedKernels.reluGrad, about, { dy: { shape }, y: { shape } }),
    of(fusedKernels.addRelu, about, { a: { shape }, b: { shape } }),
  ];
});

const foldedKernels: readonly Case[] = [
  [3, 3, 5, 7],
  [3, 3, 16, 32],
  [1, 1, 2, 1],
].map((shape) =>
  of(fusedKernels.foldedKernel, `[${shape}]`, {
    kernel: { shape },
    factor: { shape: shape.slice(3) },
  })
);

const strangeNormalizations: readonly Case[] = [
  of(fusedKernels.batchNormTrain, "NaN", {
    x: { shape: [2, 3, 4, 8], strange: [NaN] },
    scale: { shape: [8] },
    offset: { shape: [8] },
  }, { epsilon: 1e-5, relu: true }),
  of(
    fusedKernels.batchNormTrain,
    "a mean far from 0",
    {
      x: { shape: [2, 30, 40, 4], range: [1000, 1001] },
      scale: { shape: [4] },
      offset: { shape: [4] },
    },
    { epsilon: 1e-5, relu: false },
    { tolerance: 1e-3 },
  ),
];

const empty = { shape: [0, 3] } as const;

/** Tensors without a value, as the last tile of a row may leave. */
const emptyTensors: readonly Case[] = [
  ...["Relu", "Sigmoid", "Exp"].map((kernel) =>
    of(kernel, "empty", { x: empty })
  ),
  ...["Add", "Multiply", "Sub"].map((kernel) =>
    of(kernel, "empty", { a: empty, b: empty })
  ),
  of("Sum", "over nothing", { x: empty }, { axis: [0], keepDims: false }),
  of("Concat", "with an empty one", { 0: empty, 1: { shape: [2, 3] } }, {
    axis: 0,
  }),
  of("Reshape", "empty", { x: empty }, { shape: [3, 0] }),
  of("Transpose", "empty", { x: empty }, { perm: [1, 0] }),
  of("Cast", "empty", { x: empty }, { dtype: "int32" }),
];

/** Every case that is judged by another device or by plain loops. */
export const cases: readonly Case[] = [
  ...elementwise,
  ...reductions,
  ...arrangements,
  ...convolutionCases,
  ...poolings,
  ...overlappingPoolings,
  ...strangePoolings,
  ...upsamplings,
  ...products,
  ...normalizations,
  ...foldedKernels,
  ...strangeNormalizations,
  ...fusedCases,
  ...emptyTensors,
];

/** The values of a tensor: as given, or drawn, the same ones every time. */
export function drawValues(spec: TensorSpec, seed = 1): number[] {
  if (spec.values) return [...spec.values];
  const [low, high] = spec.range ?? [-1, 1];
  const random = createRandom(seed, ...spec.shape);
  const count = spec.shape.reduce((a, b) => a * b, 1);
  const whole = spec.whole || (spec.dtype ?? "float32") !== "float32";
  const values = Array.from({ length: count }, () => {
    const value = low + (high - low) * random.next();
    return whole ? Math.floor(value) : value;
  });
  // Spread out, and not at the very beginning.
  spec.strange?.forEach((value, i) => {
    values[Math.floor((i + 0.5) * count / spec.strange!.length)] = value;
  });
  return values;
}
