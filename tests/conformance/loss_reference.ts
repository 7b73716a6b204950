/**
 * The fused kernels of losses, in double precision and straight from their
 * definitions, as their judge.
 *
 * @module
 */
import type {
  RegressionLossAttrs,
  RegressionLossPart,
  SigmoidLossAttrs,
  SigmoidLossPart,
} from "@unet/device/fused-kernels";
import type { Numbers } from "./fused_reference.ts";

/** An element that counts in a part. */
interface Element {
  readonly place: number;
  readonly image: number;
  readonly x: number;
  readonly y: number;
  readonly share: number;
  /** What it counts in the cross entropy. */
  readonly weight: number;
}

type Inputs = Readonly<Record<string, Numbers>>;

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** The elements that count in a part, all of `x` and `y` in `inputs`. */
function elementsOf(
  part: SigmoidLossPart,
  { x, target, weights, share }: {
    x?: Numbers | undefined;
    target: Numbers;
    weights?: Numbers | undefined;
    share: (place: number) => number;
  },
): Element[] {
  const [, height, width, channels] = target.shape as number[];
  return target.values.flatMap((y, place) => {
    const channel = place % channels!, pixel = Math.floor(place / channels!);
    if (channel < part.from || channel >= part.to) return [];
    if (part.isSparse && y < 0) return [];
    const own = pixel * (part.to - part.from) + channel - part.from;
    return [{
      ...{ place, y, share: share(place), x: x?.values[place] ?? 0 },
      image: Math.floor(pixel / (height! * width!)),
      weight: (y * part.positiveWeight + 1 - y) *
        (part.isWeighted ? weights!.values[own]! : 1),
    }];
  });
}

const total = (
  elements: readonly Element[],
  value: (element: Element) => number,
): number => elements.reduce((sum, element) => sum + value(element), 0);

/** The loss, the sigmoids, and what the gradient is made of. */
export function sigmoidLossReference(
  { logits, target, weights }: Inputs,
  { parts }: SigmoidLossAttrs,
): Numbers[] {
  const x = logits!, images = x.shape[0]!;
  const share = (place: number): number => sigmoid(x.values[place]!);
  let value = 0;
  const slopes = parts.flatMap((part) => {
    const all = elementsOf(part, { x, target: target!, weights, share });
    const entropy = total(
      all,
      ({ x, y, weight }) =>
        weight *
        (y * Math.log1p(Math.exp(-x)) + (1 - y) * Math.log1p(Math.exp(x))),
    );
    const count = Math.max(1, all.length);
    value += part.crossEntropy * entropy / count;
    const groups = part.perImage
      ? Array.from(
        { length: images },
        (_, image) => all.filter((element) => element.image === image),
      )
      : [all];
    const dice = groups.map((group) => {
      const upper = 2 * total(group, ({ share, y }) => share * y) +
        part.smoothing;
      const lower = total(group, ({ share, y }) => share + y) + part.smoothing;
      value += part.dice / groups.length * (1 - upper / lower);
      return [
        part.dice / groups.length * upper / lower / lower,
        part.dice / groups.length * 2 / lower,
      ];
    });
    return Array.from(
      { length: images },
      (_, i) => [part.crossEntropy / count, ...dice[part.perImage ? i : 0]!],
    ).flat();
  });
  return [
    { shape: [], values: [value] },
    { shape: x.shape, values: x.values.map((_, place) => share(place)) },
    { shape: [parts.length, images, 3], values: slopes },
  ];
}

/** The gradient by the logits. */
export function sigmoidLossGradReference(
  { dy, shares, slopes, target, weights }: Inputs,
  { parts }: SigmoidLossAttrs,
): Numbers[] {
  const { shape, values } = shares!, images = shape[0]!;
  const gradient = values.map(() => 0);
  const share = (place: number): number => values[place]!;
  parts.forEach((part, i) => {
    for (
      const { place, image, y, share: p, weight } of elementsOf(part, {
        ...{ target: target!, weights, share },
      })
    ) {
      const [k, a, b] = slopes!.values.slice(3 * (i * images + image)) as [
        ...[number, number, number],
      ];
      gradient[place] = dy!.values[0]! *
        (k * weight * (p - y) + (a - b * y) * p * (1 - p));
    }
  });
  return [{ shape, values: gradient }];
}

/** The pixels that count in a part, how much, and their errors by place. */
function pixelsOf(
  { from, to, lowest, isGraded }: RegressionLossPart,
  { logits, target }: Inputs,
): { share: number; errors: [place: number, error: number][] }[] {
  const channels = target!.shape[3]!;
  const pixels = target!.values.length / channels;
  return Array.from({ length: pixels }, (_, pixel) => {
    const places = Array.from(
      { length: to - from },
      (_, i) => pixel * channels + from + i,
    );
    const truth = places.map((place) => target!.values[place]!);
    const mean = truth.reduce((a, b) => a + b) / truth.length;
    const share = isGraded ? Math.min(...truth) / mean : 1;
    return {
      share: truth[0]! < lowest ? 0 : share,
      errors: places.map((place, i): [number, number] => [
        place,
        logits!.values[place]! - truth[i]!,
      ]),
    };
  }).filter(({ share }) => share > 0);
}

/** The loss of numbers, and the scales of its gradient. */
export function regressionLossReference(
  inputs: Inputs,
  { parts }: RegressionLossAttrs,
): Numbers[] {
  let value = 0;
  const scales = parts.map((part) => {
    const pixels = pixelsOf(part, inputs), channels = part.to - part.from;
    const shares = pixels.reduce((sum, { share }) => sum + share, 0);
    const scale = shares === 0 ? 0 : part.weight / (channels * shares);
    for (const { share, errors } of pixels) {
      for (const [, error] of errors) {
        value += scale * share *
          (part.error === "squared" ? error ** 2 : Math.abs(error));
      }
    }
    return scale;
  });
  return [
    { shape: [], values: [value] },
    { shape: [parts.length], values: scales },
  ];
}

/** Its gradient by the logits. */
export function regressionLossGradReference(
  inputs: Inputs,
  { parts }: RegressionLossAttrs,
): Numbers[] {
  const { dy, scales, logits } = inputs;
  const gradient = logits!.values.map(() => 0);
  parts.forEach((part, i) => {
    for (const { share, errors } of pixelsOf(part, inputs)) {
      for (const [place, error] of errors) {
        gradient[place] = dy!.values[0]! * scales!.values[i]! * share *
          (part.error === "squared" ? 2 * error : Math.sign(error));
      }
    }
  });
  return [{ shape: logits!.shape, values: gradient }];
}
