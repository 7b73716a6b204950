import { fusedKernels } from "@unet/device/fused-kernels";
import { type Case, of } from "./case.ts";
import { lossCases } from "./loss_cases.ts";

/**
 * Winograd's F(4×4, 3×3) in float32 loses up to two digits against a direct
 * convolution: its transforms multiply by up to 5.
 */
const winogradTolerance = 1e-4;

/** Sizes of blocks of channels and of others, and windows that don't fill. */
const blockCases: readonly Case[] = [
  [[1, 1, 1, 1], 1, 1],
  [[2, 5, 7, 3], 3, 4],
  [[1, 8, 8, 16], 3, 16],
  [[2, 12, 10, 16], 3, 32],
  [[1, 9, 13, 32], 3, 16],
  [[2, 6, 6, 48], 1, 1],
].flatMap(([shape, size, to]) => {
  const [n, h, w, from] = shape as [number, number, number, number];
  const output = [n, h, w, to as number];
  const kernel = [size as number, size as number, from, to as number];
  const isWinograd = size === 3 && from % 16 === 0 && output[3]! % 16 === 0;
  return [
    { relu: false, bias: true, input: true },
    { relu: true, bias: true, input: false },
    { relu: true, bias: false, input: true },
  ].map((attrs) =>
    of(
      fusedKernels.convolutionGrad,
      `${shape} by ${kernel}, ${JSON.stringify(attrs)}`,
      {
        dy: { shape: output },
        x: { shape: [n, h, w, from] },
        kernel: { shape: kernel },
        ...attrs.relu ? { y: { shape: output } } : {},
      },
      attrs,
      isWinograd ? { tolerance: winogradTolerance } : {},
    )
  );
});

const upCases: readonly Case[] = [
  [[1, 1, 1, 1], 1, 1],
  [[2, 3, 5, 4], 3, 2],
  [[1, 4, 3, 32], 16, 16],
  [[2, 2, 4, 16], 16, 32],
  [[1, 4, 4, 16], 8, 8],
  [[2, 3, 11, 16], 8, 16],
  [[1, 2, 8, 32], 16, 16],
].flatMap(([shape, to, rest]) => {
  const [n, h, w, from] = shape as [number, number, number, number];
  const channels = to as number, skip = rest as number;
  const x = { shape: [n, h, w, from] };
  const kernel = { shape: [2, 2, channels, from] };
  const about = `${shape} to ${channels} and ${skip}`;
  return [
    of(fusedKernels.upConcat, about, {
      x,
      kernel,
      bias: { shape: [channels] },
      skip: { shape: [n, 2 * h, 2 * w, skip] },
    }),
    ...[false, true].map((wanted) =>
      of(fusedKernels.upConcatGrad, about, {
        dy: { shape: [n, 2 * h, 2 * w, channels + skip] },
        x,
        kernel,
      }, { skip: wanted })
    ),
  ];
});

const sgdCases: readonly Case[] = [[1], [7], [3, 3, 5, 4], [3, 3, 16, 32]]
  .flatMap((shape) =>
    [
      { weightDecay: 0, dampening: 0, nesterov: false },
      { weightDecay: 0.1, dampening: 0.3, nesterov: false },
      { weightDecay: 0.01, dampening: 0, nesterov: true },
    ].flatMap((settings) => {
      const attrs = { learningRate: 0.3, momentum: 0.9, ...settings };
      const first = { parameter: { shape }, gradient: { shape } };
      const about = `${shape}, ${JSON.stringify(settings)}`;
      return [
        of(fusedKernels.sgdStep, `first of ${about}`, first, attrs),
        of(fusedKernels.sgdStep, about, {
          ...first,
          velocity: { shape },
        }, attrs),
      ];
    })
  );

const adamCases: readonly Case[] = [
  ...[[1], [7], [3, 3, 5, 4], [3, 3, 16, 32], [3, 3, 130, 128]],
].flatMap((shape) =>
  [
    { weightDecay: 0, shrink: 1 },
    { weightDecay: 0.1, shrink: 1 },
    { weightDecay: 0, shrink: 0.9 },
  ].flatMap((settings) => {
    const attrs = {
      ...{ beta1: 0.9, beta2: 0.99, epsilon: 1e-3 },
      ...{ stepSize: 0.3, rootScale: 1.7 },
      ...settings,
    };
    const first = { parameter: { shape }, gradient: { shape } };
    const about = `${shape}, ${JSON.stringify(settings)}`;
    return [
      of(fusedKernels.adamStep, `first of ${about}`, first, attrs),
      of(fusedKernels.adamStep, about, {
        ...first,
        mean: { shape },
        square: { shape, range: [0, 1] },
      }, attrs),
    ];
  })
);

const int8Cases: readonly Case[] = [
  [[1, 1, 1, 1], 1],
  [[2, 5, 7, 3], 4],
  [[1, 8, 8, 16], 16],
  [[2, 6, 10, 32], 24],
].flatMap(([shape, to]) => {
  const channels = to as number, from = (shape as number[])[3]!;
  const limits = [
    { inputLimit: 0.9, signed: false, outputLimit: 2, stride: 1, relu: true },
    { inputLimit: 0.8, signed: true, outputLimit: null, stride: 1, relu: true },
    { inputLimit: 0.9, signed: false, outputLimit: 2, stride: 2, relu: true },
    {
      ...{ inputLimit: 0.9, signed: false, outputLimit: null },
      ...{ stride: 1, relu: false },
    },
    {
      ...{ inputLimit: 0.9, signed: false, outputLimit: null },
      ...{ stride: 2, relu: false },
    },
  ];
  return limits.map((attrs) =>
    of(
      fusedKernels.int8Convolution,
      `${shape}, ${JSON.stringify(attrs)}`,
      {
        x: {
          shape: shape as number[],
          range: attrs.signed ? [-1, 1] : [0, 1],
        },
        kernel: { shape: [3, 3, from, channels] },
        bias: { shape: [channels] },
        // A sum between two steps may be rounded either way.
      },
      attrs,
      { tolerance: 1 / 200 },
    )
  );
});

/** Cases of the fused kernels of convolutions and of the optimizer. */
export const fusedCases: readonly Case[] = [
  ...blockCases,
  ...upCases,
  ...sgdCases,
  ...adamCases,
  ...lossCases,
  ...int8Cases,
];
