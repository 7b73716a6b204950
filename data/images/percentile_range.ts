import { channelShares, rangeBetween } from "./channel_values.ts";
import {
  FloatCounts,
  IntegerCounts,
  type RefinedCounts,
} from "./percentiles.ts";
import { rowsOf, windowWidth } from "./image_windows.ts";
import type { IntensityRange } from "./rgb8.ts";
import type { Image } from "../types.ts";

/**
 * A range is at least so many standard deviations of the noise wide. Pure noise
 * reaches over 5.2 of them from its 1st to its 99.8th percentile; images with
 * nuclei over 14 or more.
 */
const leastDeviations = 16;

/** The median of the difference of two values of noise, in its deviations. */
const stepOfNoise = 0.6745 * Math.SQRT2;

/** The share of the steps below which the median lies. */
const median = [0.5] as const;

/**
 * Finds the range from the 1st to the 99.8th percentile of a whole image, all
 * channels but alpha together, wide enough that noise stays noise.
 */
export function percentileRange(image: Image): IntensityRange {
  const counts = new RangeCounts(image.depth);
  do {
    for (const rows of rowsOf(image)) counts.add(rows);
  } while (counts.needsMore());
  return counts.find();
}

/**
 * Gathers what {@linkcode percentileRange} needs, window by window. Windows lie
 * on a grid of `windowWidth`, so that the whole and its windows give the same.
 * Integers are counted once; floats are walked through twice.
 */
export class RangeCounts {
  readonly #depth: Image["depth"];
  readonly #values: IntegerCounts | FloatCounts;
  readonly #steps: IntegerCounts | FloatCounts;
  #refined: { values: RefinedCounts; steps: RefinedCounts } | undefined;

  /** Starts without any value. */
  constructor(depth: Image["depth"]) {
    this.#depth = depth;
    this.#values = depth === 32 ? new FloatCounts() : new IntegerCounts(depth);
    this.#steps = depth === 32 ? new FloatCounts() : new IntegerCounts(depth);
  }

  /** Counts a window: its values, and how neighbors in a row differ. */
  add(window: Image): void {
    const { values, steps } = this.#refined ??
      { values: this.#values, steps: this.#steps };
    values.add(window);
    steps.add(stepsOf(window));
  }

  /** Whether all windows have to be added once more, after they all were. */
  needsMore(): boolean {
    if (this.#refined) return false;
    const values = this.#values, steps = this.#steps;
    if (!(values instanceof FloatCounts && steps instanceof FloatCounts)) {
      return false;
    }
    this.#refined = {
      values: values.refine(channelShares),
      steps: steps.refine(median),
    };
    return true;
  }

  /** The range of all windows. */
  find(): IntensityRange {
    const [values, [step = 0]] = this.#found();
    return widened(rangeBetween(values), step / stepOfNoise, this.#depth);
  }

  #found(): [number[], number[]] {
    if (this.#refined) {
      return [this.#refined.values.find(), this.#refined.steps.find()];
    }
    const values = this.#values as IntegerCounts;
    return [
      values.find(channelShares),
      (this.#steps as IntegerCounts).find(median),
    ];
  }
}

/**
 * A range that is at least {@linkcode leastDeviations} of the noise wide, and
 * as many levels of integers. What it lacks is added at both ends, in
 * proportion to the room that the depth has there: an empty dark image stays
 * dark, and an empty bright one bright. Floats are taken to have room above.
 */
function widened(
  { low, high }: IntensityRange,
  noise: number,
  depth: Image["depth"],
): IntensityRange {
  if (depth === 32) {
    return { low, high: Math.max(high, low + leastDeviations * noise) };
  }
  const top = 2 ** depth - 1;
  const least = Math.min(top, leastDeviations * Math.max(1, noise));
  const missing = least - (high - low);
  if (missing <= 0) return { low, high };
  const below = missing * low / (low + top - high);
  return { low: low - below, high: high + missing - below };
}

/** How far values differ from their neighbors on the left, all but alpha. */
function stepsOf({ width, height, channels, depth, data }: Image): Image {
  const columns = width - Math.ceil(width / windowWidth);
  const length = columns * height * channels;
  const steps = depth === 8
    ? new Uint8Array(length)
    : depth === 16
    ? new Uint16Array(length)
    : new Float32Array(length);
  let to = 0;
  for (let y = 0, from = 0; y < height; y++) {
    for (let x = 0; x < width; x++, from += channels) {
      // Between two windows there is no step, nor where there is one alone.
      if (x % windowWidth === 0) continue;
      for (let at = from; at < from + channels; at++) {
        steps[to++] = Math.abs(data[at]! - data[at - channels]!);
      }
    }
  }
  return { width: columns, height, channels, depth, data: steps };
}
