import type { TensorInfo } from "@tensorflow/tfjs-core";
import { fusedKernels, type SigmoidLossAttrs } from "../../fused_kernels.ts";
import type { Machine } from "../_machine.ts";
import { algorithm } from "../_symbols.ts";
import { floatsOf, tensorOf } from "./_floats.ts";
import { rowMajorLayout, rowMajorOf } from "./_joint_layout.ts";
import type { Kernel } from "./_kernel.ts";
import { eachNumber } from "./elementwise.ts";
import {
  addUp,
  type Elements,
  judge,
  noSums,
  writeGradient,
} from "./_sigmoid_loss.ts";

/** So many numbers stay in the processor's cache from pass to pass. */
const longest = 2 ** 16;

type Shape = [images: number, height: number, width: number, channels: number];

/**
 * Losses of sigmoids: oneDNN computes sigmoids and logarithms, a stretch at a
 * time, and loops on its memory add them up, in double precision.
 */
export const sigmoidLoss: Kernel = {
  name: fusedKernels.sigmoidLoss,
  run(machine, { inputs, attrs }) {
    const { logits, target, weights } = inputs as
      & Record<"logits" | "target", TensorInfo>
      & { weights?: TensorInfo };
    const { parts } = attrs as unknown as SigmoidLossAttrs;
    const [images, height, width, channels] = logits.shape as Shape;
    const pixels = height * width, perImage = pixels * channels;
    return machine.compute((scope) => {
      const layout = rowMajorOf(machine, logits);
      const x = scope.source(logits, layout);
      const shares = scope.output(logits.shape, layout);
      const elements: Elements = {
        ...{ channels, pixels },
        target: floatsOf(scope, machine, target),
        shares: machine.pool.floats(shares.address, images * perImage),
        weights: weights ? floatsOf(scope, machine, weights) : null,
      };
      const sums = parts.map(() => Array.from({ length: images }, noSums));
      const most = Math.max(1, Math.floor(longest / channels)) * channels;
      const between = scope.scratch(4 * Math.min(most, perImage));
      for (const { image, first, count } of stretches(images, perImage, most)) {
        const offset = BigInt(4 * first);
        takeLogarithms(machine, count, {
          x: x + offset,
          ...{ shares: shares.address + offset, logarithms: between },
        });
        const entropies = {
          first,
          logits: machine.pool.floats(x + offset, count),
          logarithms: machine.pool.floats(between, count),
        };
        parts.forEach((part, i) =>
          addUp(sums[i]![image]!, part, elements, entropies)
        );
      }
      const judged = parts.map((part, i) => judge(part, sums[i]!));
      const value = judged.reduce((sum, { value }) => sum + value, 0);
      const slopes = judged.flatMap(({ slopes }) => slopes.flat());
      return [
        tensorOf(scope, machine, [], [value]),
        shares.tensor,
        tensorOf(scope, machine, [parts.length, images, 3], slopes),
      ];
    });
  },
};

/** The gradient, in a loop. */
export const sigmoidLossGrad: Kernel = {
  name: fusedKernels.sigmoidLossGrad,
  run(machine, { inputs, attrs }) {
    const { dy, shares, slopes, target, weights } = inputs as
      & Record<"dy" | "shares" | "slopes" | "target", TensorInfo>
      & { weights?: TensorInfo };
    const { parts } = attrs as unknown as SigmoidLossAttrs;
    const [images, height, width, channels] = shares.shape as Shape;
    return machine.compute((scope) => {
      const elements: Elements = {
        ...{ channels, pixels: height * width },
        target: floatsOf(scope, machine, target),
        shares: floatsOf(scope, machine, shares),
        weights: weights ? floatsOf(scope, machine, weights) : null,
      };
      const layout = rowMajorLayout(machine, shares.shape);
      const { tensor, address } = scope.output(shares.shape, layout);
      const gradient = machine.pool.floats(address, elements.shares.length);
      const taken = parts.reduce((sum, { from, to }) => sum + to - from, 0);
      if (taken < channels) gradient.fill(0);
      const [scale] = floatsOf(scope, machine, dy) as unknown as [number];
      const numbers = floatsOf(scope, machine, slopes);
      parts.forEach((part, i) => {
        for (let image = 0; image < images; image++) {
          const place = 3 * (i * images + image);
          const [k, a, b] = numbers.subarray(place, place + 3)
            .map((slope) => slope * scale) as unknown as Slopes;
          writeGradient(gradient, part, elements, [image, k, a, b]);
        }
      });
      return tensor;
    });
  },
};

type Slopes = [k: number, a: number, b: number];

/** Parts of each image, of so many numbers at most. */
function* stretches(images: number, perImage: number, most: number) {
  for (let image = 0; image < images; image++) {
    const begin = image * perImage, end = begin + perImage;
    for (let first = begin; first < end; first += most) {
      yield { image, first, count: Math.min(most, end - first) };
    }
  }
}

/** Computes σ(x) and log σ(|x|). */
function takeLogarithms(
  machine: Machine,
  count: number,
  { x, shares, logarithms }: Record<"x" | "shares" | "logarithms", bigint>,
): void {
  const row = machine.layouts.vector([count]);
  const run = (operation: number, from: bigint, to: bigint): void =>
    eachNumber(machine, row, [operation]).run(from, to);
  run(algorithm.logistic, x, shares);
  run(algorithm.abs, x, logarithms);
  run(algorithm.logistic, logarithms, logarithms);
  run(algorithm.log, logarithms, logarithms);
}
