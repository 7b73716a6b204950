import {
  fusedKernels,
  type RegressionLossPart,
  type SigmoidLossPart,
} from "@unet/device/fused-kernels";
import { type Case, of } from "./case.ts";

const plain: SigmoidLossPart = {
  ...{ from: 0, to: 1, crossEntropy: 1, positiveWeight: 1, isWeighted: false },
  ...{ dice: 1, smoothing: 1e-5, perImage: false, isSparse: false },
};

/** Shapes, one longer than a stretch of a loop, and the parts on them. */
const losses: readonly (readonly [
  about: string,
  shape: readonly number[],
  parts: readonly SigmoidLossPart[],
])[] = [
  ["cross entropy and Dice", [2, 3, 5, 1], [plain]],
  ["cross entropy alone", [1, 1, 1, 1], [{ ...plain, dice: 0 }]],
  ["Dice alone, of each image", [3, 4, 2, 1], [
    { ...plain, crossEntropy: 0, perImage: true },
  ]],
  ["objects and borders", [2, 4, 4, 2], [
    plain,
    { ...plain, from: 1, to: 2, crossEntropy: 0.1, positiveWeight: 3 },
  ]],
  ["weighted and not", [2, 4, 3, 2], [
    { ...plain, isWeighted: true, dice: 0 },
    { ...plain, from: 1, to: 2, dice: 0.3 },
  ]],
  ["labeled in part", [2, 5, 3, 3], [
    { ...plain, to: 2, isSparse: true, positiveWeight: 2 },
    { ...plain, from: 2, to: 3, isSparse: true, perImage: true },
  ]],
  ["weighted channels beside another's", [1, 3, 3, 4], [
    { ...plain, from: 1, to: 3, isWeighted: true },
  ]],
  ["more than a stretch", [2, 150, 160, 3], [{ ...plain, to: 3 }]],
];

const offsets: RegressionLossPart = {
  ...{ from: 0, to: 2, weight: 0.5, error: "squared" },
  ...{ lowest: -1, isGraded: false },
};
const rays: RegressionLossPart = {
  ...{ from: 2, to: 6, weight: 2, error: "absolute" },
  ...{ lowest: 0.5, isGraded: true },
};

/** Losses of numbers, with the range of their targets. */
const numberLosses: readonly (readonly [
  about: string,
  shape: readonly number[],
  range: readonly [number, number],
  parts: readonly RegressionLossPart[],
])[] = [
  ["squares", [2, 3, 5, 2], [-2, 1], [offsets]],
  ["sizes by the least of their targets", [2, 4, 3, 6], [0.3, 3], [rays]],
  ["both, beside channels of no part", [1, 7, 5, 8], [0.3, 3], [
    { ...offsets, from: 1, to: 2 },
    rays,
  ]],
  ["nothing that counts", [1, 2, 2, 2], [-4, -2], [offsets]],
];

/** Losses of numbers, and their gradients. */
const numberCases: readonly Case[] = numberLosses.flatMap(
  ([about, shape, range, parts]) => {
    const inputs = {
      logits: { shape, range: [-3, 3] as const },
      target: { shape, range },
    };
    return [
      of(fusedKernels.regressionLoss, about, inputs, { parts }),
      of(fusedKernels.regressionLossGrad, about, {
        dy: { shape: [], values: [0.7] },
        scales: { shape: [parts.length], range: [0, 1] },
        ...inputs,
      }, { parts }),
    ];
  },
);

/** Losses of sigmoids, and their gradients. */
const sigmoidCases: readonly Case[] = losses.flatMap(
  ([about, shape, parts]) => {
    const isSparse = parts.some((part) => part.isSparse);
    const weighted = parts.find((part) => part.isWeighted);
    const constants = {
      // Whole numbers −1, 0 and 1, or 0 and 1.
      target: { shape, range: [isSparse ? -1 : 0, 2] as const, whole: true },
      ...weighted && {
        weights: {
          shape: shape.with(3, weighted.to - weighted.from),
          range: [0, 3] as const,
        },
      },
    };
    return [
      of(fusedKernels.sigmoidLoss, about, {
        logits: { shape, range: [-9, 9] },
        ...constants,
      }, { parts }),
      of(fusedKernels.sigmoidLossGrad, about, {
        dy: { shape: [], values: [0.7] },
        shares: { shape, range: [0, 1] },
        slopes: { shape: [parts.length, shape[0]!, 3], range: [0, 1] },
        ...constants,
      }, { parts }),
    ];
  },
);

/** Losses of sigmoids and of numbers, and their gradients. */
export const lossCases: readonly Case[] = [...sigmoidCases, ...numberCases];
