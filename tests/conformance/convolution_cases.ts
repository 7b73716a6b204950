import { type Case, of } from "./case.ts";

const strange = [NaN, Infinity, -Infinity];

/** Image, filter, stride, padding. */
const convolutionShapes: readonly [
  readonly number[],
  readonly number[],
  number,
  "same" | "valid" | number,
][] = [
  [[1, 1, 1, 1], [3, 3, 1, 1], 1, "same"],
  [[1, 1, 1, 8], [3, 3, 8, 8], 1, "same"],
  [[2, 5, 7, 3], [3, 3, 3, 8], 1, "same"],
  [[1, 2, 13, 5], [3, 3, 5, 12], 1, "same"],
  [[1, 9, 6, 16], [3, 3, 16, 20], 1, "same"],
  [[3, 4, 4, 12], [3, 3, 12, 6], 1, "same"],
  [[1, 70, 65, 8], [3, 3, 8, 4], 1, "same"],
  [[2, 7, 8, 4], [3, 3, 4, 4], 1, "valid"],
  [[2, 7, 8, 4], [5, 3, 4, 8], 1, "same"],
  [[2, 6, 5, 4], [2, 2, 4, 4], 1, "same"],
  [[1, 5, 6, 8], [1, 1, 8, 1], 1, "valid"],
  [[1, 5, 6, 3], [1, 1, 3, 4], 1, "same"],
  [[2, 6, 10, 6], [2, 2, 6, 10], 2, "valid"],
  [[2, 6, 10, 8], [2, 2, 8, 16], 2, "valid"],
  [[1, 7, 9, 4], [3, 3, 4, 8], 2, "same"],
  [[1, 7, 9, 4], [2, 2, 4, 4], 2, "valid"],
  [[1, 6, 6, 4], [3, 3, 4, 4], 1, 2],
  // Whole windows of 4×4: one, parts of a strip, several strips and rows.
  [[1, 4, 4, 8], [3, 3, 8, 8], 1, "same"],
  [[3, 4, 8, 12], [3, 3, 12, 20], 1, "same"],
  [[2, 16, 16, 16], [3, 3, 16, 32], 1, "same"],
  [[1, 16, 20, 24], [3, 3, 24, 8], 1, "same"],
  [[1, 12, 132, 8], [3, 3, 8, 16], 1, "same"],
  [[1, 8, 76, 48], [3, 3, 48, 16], 1, "same"],
  // Those of residual networks.
  [[2, 14, 16, 3], [7, 7, 3, 8], 2, 3],
  [[1, 40, 36, 3], [7, 7, 3, 16], 2, 3],
  [[1, 6, 10, 16], [3, 3, 16, 32], 2, 1],
  [[2, 6, 4, 6], [3, 3, 6, 5], 2, 1],
  [[1, 34, 30, 12], [3, 3, 12, 8], 2, 1],
  [[1, 6, 8, 16], [1, 1, 16, 32], 2, 0],
  [[2, 4, 6, 5], [1, 1, 5, 3], 2, 0],
];

function resultSize(
  [x, filter, stride, pad]: (typeof convolutionShapes)[number],
): number[] {
  const sizes = [1, 2].map((axis) => {
    const size = x[axis]!, window = filter[axis - 1]!;
    if (pad === "same") return Math.ceil(size / stride);
    const padded = size + (pad === "valid" ? 0 : 2 * pad);
    return Math.floor((padded - window) / stride) + 1;
  });
  return [x[0]!, ...sizes, filter[3]!];
}

const convolutions: readonly Case[] = convolutionShapes.flatMap((shapes) => {
  const [x, filter, stride, pad] = shapes;
  const dy = resultSize(shapes);
  const about = `${x} by ${filter}, stride ${stride}, ${pad}`;
  const attrs = { strides: [stride, stride], pad, dataFormat: "NHWC" };
  const forward = { ...attrs, dilations: [1, 1] };
  return [
    of(
      "Conv2D",
      about,
      { x: { shape: x }, filter: { shape: filter } },
      forward,
    ),
    ...["linear", "relu"].map((activation) =>
      of("FusedConv2D", `${about}, ${activation}`, {
        x: { shape: x },
        filter: { shape: filter },
        bias: { shape: [filter[3]!] },
      }, { ...forward, activation, leakyreluAlpha: 0 })
    ),
    of("Conv2DBackpropInput", about, {
      dy: { shape: dy },
      filter: { shape: filter },
    }, { ...attrs, inputShape: x }),
    of("Conv2DBackpropFilter", about, {
      x: { shape: x },
      dy: { shape: dy },
    }, { ...attrs, filterShape: filter }),
  ];
});

const same = { strides: [1, 1], pad: "same", dataFormat: "NHWC" };

const strangeConvolutions: readonly Case[] = [
  of("Conv2D", "NaN and infinities", {
    x: { shape: [1, 9, 9, 4], strange },
    filter: { shape: [3, 3, 4, 8] },
  }, { ...same, dilations: [1, 1] }),
  of("Conv2D", "dilated", {
    x: { shape: [1, 9, 9, 4] },
    filter: { shape: [3, 3, 4, 8] },
  }, { ...same, dilations: [2, 2] }),
  of("Conv2DBackpropInput", "NaN", {
    dy: { shape: [1, 9, 9, 4], strange: [NaN] },
    filter: { shape: [3, 3, 4, 4] },
  }, { ...same, inputShape: [1, 9, 9, 4] }),
  of("Conv2DBackpropFilter", "NaN", {
    x: { shape: [1, 9, 9, 4], strange: [NaN] },
    dy: { shape: [1, 9, 9, 8] },
  }, { ...same, filterShape: [3, 3, 4, 8] }),
  of("FusedConv2D", "no bias, leaky ReLU", {
    x: { shape: [1, 5, 5, 4] },
    filter: { shape: [3, 3, 4, 8] },
  }, {
    ...same,
    dilations: [1, 1],
    activation: "leakyrelu",
    leakyreluAlpha: 0.1,
  }),
];

/** Convolutions and their gradients. */
export const convolutionCases: readonly Case[] = [
  ...convolutions,
  ...strangeConvolutions,
];
