import { fusedKernels } from "@unet/device/fused-kernels";
import { type Case, of, type TensorSpec } from "./cases.ts";

/** Image and kernel of a convolution that keeps the size. */
const shapes: readonly [readonly number[], readonly number[]][] = [
  [[1, 1, 1, 1], [3, 3, 1, 1]],
  [[2, 5, 7, 3], [3, 3, 3, 8]],
  [[1, 2, 13, 5], [3, 3, 5, 12]],
  [[3, 4, 4, 12], [3, 3, 12, 6]],
  [[1, 24, 17, 8], [3, 3, 8, 4]],
  [[1, 5, 6, 8], [1, 1, 8, 1]],
];

const gradients: readonly Case[] = shapes.flatMap(([x, kernel]) => {
  const y = [...x.slice(0, 3), kernel[3]!];
  return [true, false].flatMap((relu) =>
    [true, false].flatMap((bias) =>
      [true, false].map((input) =>
        of(
          fusedKernels.convolutionGrad,
          `${x} by ${kernel}, relu ${relu}, bias ${bias}, input ${input}`,
          {
            dy: { shape: y },
            x: { shape: x },
            kernel: { shape: kernel },
            ...relu ? { y: { shape: y } } : {},
          },
          { relu, bias, input },
        )
      )
    )
  );
});

/** Image, channels out, channels of the other feature map. */
const upShapes: readonly [readonly number[], number, number][] = [
  [[1, 1, 1, 1], 1, 1],
  [[2, 3, 5, 6], 4, 3],
  [[1, 7, 2, 16], 8, 12],
];

const ups: readonly Case[] = upShapes.flatMap(([x, up, skip]) => {
  const [count, height, width, channels] = x as [
    number,
    number,
    number,
    number,
  ];
  const twice = [count, 2 * height, 2 * width];
  const about = `${x} to ${up}, beside ${skip}`;
  const kernel = { shape: [2, 2, up, channels] };
  return [
    of(fusedKernels.upConcat, about, {
      x: { shape: x },
      kernel,
      bias: { shape: [up] },
      skip: { shape: [...twice, skip] },
    }),
    ...[true, false].map((wanted) =>
      of(fusedKernels.upConcatGrad, `${about}, skip ${wanted}`, {
        dy: { shape: [...twice, up + skip] },
        x: { shape: x },
        kernel,
      }, { skip: wanted })
    ),
  ];
});

const plain = {
  learningRate: 0.1,
  momentum: 0.9,
  dampening: 0,
  weightDecay: 0,
  nesterov: false,
};

const steps: readonly Case[] = [[1], [7], [3, 3, 5, 4]].flatMap((shape) => {
  const of2 = (
    about: string,
    attrs: Partial<typeof plain>,
    velocity: Record<string, TensorSpec> = { velocity: { shape } },
  ) =>
    of(fusedKernels.sgdStep, `${shape}, ${about}`, {
      parameter: { shape },
      gradient: { shape },
      ...velocity,
    }, { ...plain, ...attrs });
  return [
    of2("plain", {}),
    of2("first", { dampening: 0.5 }, {}),
    of2("dampening and decay", { dampening: 0.3, weightDecay: 0.1 }),
    of2("Nesterov", { nesterov: true, weightDecay: 0.01 }),
    of2("first, Nesterov", { nesterov: true }, {}),
  ];
});

const strange: readonly Case[] = [
  of(fusedKernels.convolutionGrad, "NaN", {
    dy: { shape: [1, 9, 9, 8], strange: [NaN] },
    x: { shape: [1, 9, 9, 4] },
    kernel: { shape: [3, 3, 4, 8] },
  }, { relu: false, bias: true, input: true }),
];

/** Cases of the fused kernels around convolutions, and of a step of SGD. */
export const convolutionCases: readonly Case[] = [
  ...gradients,
  ...ups,
  ...steps,
  ...strange,
];
