import type { SigmoidLossPart } from "../../fused_kernels.ts";

/** The elements of a batch `[N, H, W, C]`, flat. */
export interface Elements {
  /** Channels of each pixel. */
  readonly channels: number;
  /** Pixels of each image. */
  readonly pixels: number;
  /** What is right, 0…1, or below 0 where that is not known. */
  readonly target: Float32Array;
  /** The sigmoids of the logits. */
  readonly shares: Float32Array;
  /** How much each element of a weighted part counts, if one is. */
  readonly weights: Float32Array | null;
}

/** Logits, and what follows from them one by one, of a stretch of elements. */
export interface Entropies {
  /** The logits. */
  readonly logits: Float32Array;
  /** The logarithms of the sigmoids of their sizes, `log σ(|x|)`. */
  readonly logarithms: Float32Array;
  /** The element of the batch that they begin with, the first of a pixel. */
  readonly first: number;
}

/** Sums over elements of one image that belong to one part of a loss. */
export interface Sums {
  /** Of the cross entropies, each by its weight. */
  entropy: number;
  /** Of shares times targets. */
  overlap: number;
  /** Of shares. */
  shares: number;
  /** Of targets. */
  truth: number;
  /** How many they are. */
  count: number;
}

/** Sums over nothing. */
export function noSums(): Sums {
  return { entropy: 0, overlap: 0, shares: 0, truth: 0, count: 0 };
}

/** Adds a stretch of one image to the sums of a part. */
export function addUp(
  sums: Sums,
  part: SigmoidLossPart,
  { channels, target, shares, weights }: Elements,
  { logits, logarithms, first }: Entropies,
): void {
  const { from, to, isSparse } = part, bonus = part.positiveWeight - 1;
  const own = part.isWeighted ? weights : null;
  let { entropy, overlap, shares: sum, truth, count } = sums;
  let weight = first / channels * (to - from);
  for (let pixel = 0; pixel < logits.length; pixel += channels) {
    for (let i = pixel + from; i < pixel + to; i++, weight++) {
      const x = logits[i]!, y = target[first + i]!, p = shares[first + i]!;
      if (isSparse && y < 0) continue;
      const value = (x > 0 ? x : 0) - x * y - logarithms[i]!;
      const weighed = value + bonus * y * value;
      entropy += own ? weighed * own[weight]! : weighed;
      overlap += p * y;
      sum += p;
      truth += y;
      count++;
    }
  }
  Object.assign(sums, { entropy, overlap, shares: sum, truth, count });
}

/** The value of a part, and what its gradient is made of. */
export interface Judged {
  /** The value. */
  readonly value: number;
  /** `k`, `a` and `b` of each image, as the kernel gives them. */
  readonly slopes: readonly (readonly [k: number, a: number, b: number])[];
}

/** Judges a part by its sums over each image. */
export function judge(part: SigmoidLossPart, images: readonly Sums[]): Judged {
  const whole = images.reduce(added, noSums());
  const mean = part.crossEntropy / Math.max(whole.count, 1);
  const parts = part.perImage ? images : [whole];
  const share = part.dice / parts.length;
  const dice = parts.map((sums) => {
    const upper = 2 * sums.overlap + part.smoothing;
    const lower = sums.shares + sums.truth + part.smoothing;
    // With D = U/V, dU/dp = 2y and dV/dp = 1: −dD/dp = U/V² − 2y/V.
    return {
      value: share * (1 - upper / lower),
      slope: [share * upper / lower ** 2, share * 2 / lower] as const,
    };
  });
  return {
    value: mean * whole.entropy +
      dice.reduce((sum, { value }) => sum + value, 0),
    slopes: images.map((_, image) => {
      const [a, b] = dice[part.perImage ? image : 0]!.slope;
      return [mean, a, b];
    }),
  };
}

function added(a: Sums, b: Sums): Sums {
  return {
    entropy: a.entropy + b.entropy,
    overlap: a.overlap + b.overlap,
    shares: a.shares + b.shares,
    truth: a.truth + b.truth,
    count: a.count + b.count,
  };
}

/** Writes the gradient of a part by the logits of one image. */
export function writeGradient(
  gradient: Float32Array,
  part: SigmoidLossPart,
  { channels, pixels, target, shares, weights }: Elements,
  [image, k, a, b]: readonly [image: number, k: number, a: number, b: number],
): void {
  const { from, to, isSparse } = part, bonus = part.positiveWeight - 1;
  const own = part.isWeighted ? weights : null;
  const begin = image * pixels, end = begin + pixels;
  let weight = begin * (to - from);
  for (let pixel = begin; pixel < end; pixel++) {
    const last = pixel * channels + to;
    for (let i = pixel * channels + from; i < last; i++, weight++) {
      const y = target[i]!, p = shares[i]!;
      const far = p - y, weighed = far + bonus * y * far;
      const slope = k * (own ? weighed * own[weight]! : weighed) +
        (a - b * y) * p * (1 - p);
      gradient[i] = isSparse && y < 0 ? 0 : slope;
    }
  }
}
