import type { RegressionLossPart } from "../../fused_kernels.ts";

/** Predictions and targets of a batch `[N, H, W, C]`, flat. */
export interface Compared {
  /** Channels of each pixel. */
  readonly channels: number;
  /** What is predicted. */
  readonly logits: Float32Array;
  /** What is right. */
  readonly target: Float32Array;
}

/** How much a pixel counts, whose channels begin at a place. */
function shareOf(
  { from, to, lowest, isGraded }: RegressionLossPart,
  target: Float32Array,
  pixel: number,
): number {
  const first = target[pixel + from]!;
  if (first < lowest) return 0;
  if (!isGraded) return 1;
  let least = first, sum = 0;
  for (let i = pixel + from; i < pixel + to; i++) {
    const own = target[i]!;
    if (own < least) least = own;
    sum += own;
  }
  return least * (to - from) / sum;
}

/** The value of a part, and its scale as the kernel gives it. */
export function judgeNumbers(
  part: RegressionLossPart,
  { channels, logits, target }: Compared,
): { value: number; scale: number } {
  const { from, to, weight } = part, isSquared = part.error === "squared";
  let errors = 0, shares = 0;
  for (let pixel = 0; pixel < logits.length; pixel += channels) {
    const share = shareOf(part, target, pixel);
    if (share === 0) continue;
    let sum = 0;
    for (let i = pixel + from; i < pixel + to; i++) {
      const error = logits[i]! - target[i]!;
      sum += isSquared ? error * error : Math.abs(error);
    }
    errors += share * sum;
    shares += share;
  }
  const scale = shares === 0 ? 0 : weight / ((to - from) * shares);
  return { value: scale * errors, scale };
}

/** Writes the gradient of a part, `slope` being its scale times dy. */
export function writeSlopes(
  gradient: Float32Array,
  part: RegressionLossPart,
  { channels, logits, target }: Compared,
  slope: number,
): void {
  const { from, to } = part, isSquared = part.error === "squared";
  for (let pixel = 0; pixel < logits.length; pixel += channels) {
    const share = shareOf(part, target, pixel);
    if (share === 0) continue;
    const own = slope * share;
    for (let i = pixel + from; i < pixel + to; i++) {
      const error = logits[i]! - target[i]!;
      gradient[i] = isSquared ? 2 * own * error : own * Math.sign(error);
    }
  }
}
