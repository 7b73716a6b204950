import { cannot, ModelError } from "@unet/errors";
import type { ElementType, Limit, Step } from "./step.ts";
import type { Tensor } from "./tensor.ts";

/** A step whose statistics are known: from a window's values to new ones. */
export type FittedStep = (window: Tensor) => Tensor;

/** Steps whose statistics are known, and what they make of the whole image. */
export interface FittedSteps {
  /** What the steps make of the image that they were fitted to. */
  readonly result: Tensor;
  /** Applies them to a part of that image. */
  apply(window: Tensor): Tensor;
}

/**
 * Applies steps of bioimage.io's processing to a whole image, one after the
 * other, as bioimageio.core does: percentiles, means and deviations are the
 * image's as the steps before left it.
 *
 * @param steps The steps.
 * @param whole The whole image; left as it is.
 * @returns The result, and the function for windows of the same image.
 * @throws {ModelError} If values do not fit the type that a step casts to.
 *
 * @example
 * ```ts
 * import { fitSteps } from "@unet/bioimageio";
 * import { assertEquals } from "@std/assert";
 *
 * const data = new Float32Array([0, 50, 100]);
 * const { result } = fitSteps(
 *   [{ id: "scale_linear", gain: [0.5], offset: [1] }],
 *   { channels: 1, height: 1, width: 3, data },
 * );
 * assertEquals([...result.data], [1, 26, 51]);
 * ```
 */
export function fitSteps(
  steps: readonly Step[],
  whole: Tensor,
): FittedSteps {
  let result = whole;
  const fitted: FittedStep[] = [];
  for (const step of steps) {
    const apply = fitStep(step, result);
    fitted.push(apply);
    result = apply(result);
  }
  return {
    result,
    apply: (window) => fitted.reduce((values, apply) => apply(values), window),
  };
}

function fitStep(step: Step, whole: Tensor): FittedStep {
  switch (step.id) {
    case "ensure_dtype":
      return cast(step.dtype);
    case "scale_range": {
      const { low, high, eps, perChannel } = step;
      const ends = ordered(whole, perChannel).map((values) => {
        const from = linearPercentile(values, low);
        return [from, linearPercentile(values, high) - from + eps] as const;
      });
      return each((value, channel) => {
        const [from, width] = ends[channel % ends.length]!;
        return (value - from) / width;
      });
    }
    case "zero_mean_unit_variance": {
      const { eps, perChannel } = step;
      const moments = parts(whole, perChannel).map(momentsOf);
      return each((value, channel) => {
        const { mean, deviation } = moments[channel % moments.length]!;
        return (value - mean) / (deviation + eps);
      });
    }
    case "fixed_zero_mean_unit_variance": {
      const { mean, std } = step;
      return each((value, channel) =>
        (value - ofChannel(mean, channel)) / ofChannel(std, channel)
      );
    }
    case "scale_linear": {
      const { gain, offset } = step;
      return each((value, channel) =>
        value * ofChannel(gain, channel) + ofChannel(offset, channel)
      );
    }
    case "clip":
      return clip(step, whole);
    case "binarize":
      return each((value, channel) =>
        value > ofChannel(step.threshold, channel) ? 1 : 0
      );
    case "sigmoid":
      return each((value) => 1 / (1 + Math.exp(-value)));
    case "softmax":
      return softmax;
  }
}

function clip(
  { low, high, perChannel }: Extract<Step, { id: "clip" }>,
  whole: Tensor,
): FittedStep {
  const needsOrder = [low, high].some((limit) =>
    limit !== undefined && "percentile" in limit
  );
  const values = needsOrder ? ordered(whole, perChannel) : [];
  const of = (limit: Limit | undefined, none: number): number[] =>
    limit === undefined
      ? [none]
      : "value" in limit
      ? [limit.value]
      : values.map((one) => storedPercentile(one, limit.percentile));
  const least = of(low, -Infinity), most = of(high, Infinity);
  return each((value, channel) =>
    Math.min(
      Math.max(value, ofChannel(least, channel)),
      ofChannel(most, channel),
    )
  );
}

/** A list's value for a channel; the only one stands for all. */
function ofChannel(values: readonly number[], channel: number): number {
  return values.length === 1 ? values[0]! : values[channel]!;
}

/** A function of single values as a step. */
function each(
  change: (value: number, channel: number) => number,
): FittedStep {
  return (window) => {
    const { data, width, height } = window, pixels = width * height;
    const out = new Float32Array(data.length);
    for (let channel = 0, at = 0; channel < window.channels; channel++) {
      for (const end = at + pixels; at < end; at++) {
        out[at] = change(data[at]!, channel);
      }
    }
    return { ...window, data: out };
  };
}

function softmax(window: Tensor): Tensor {
  const { channels, data, width, height } = window, pixels = width * height;
  const out = new Float32Array(data.length);
  for (let pixel = 0; pixel < pixels; pixel++) {
    let most = -Infinity, sum = 0;
    for (let at = pixel; at < data.length; at += pixels) {
      most = Math.max(most, data[at]!);
    }
    for (let at = pixel; at < data.length; at += pixels) {
      sum += Math.exp(data[at]! - most);
    }
    for (let channel = 0; channel < channels; channel++) {
      const at = channel * pixels + pixel;
      out[at] = Math.exp(data[at]! - most) / sum;
    }
  }
  return { ...window, data: out };
}

const ranges: Readonly<
  Record<Exclude<ElementType, "float32" | "float64" | "bool">, [number, number]>
> = {
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65535],
  int16: [-32768, 32767],
  uint32: [0, 2 ** 32 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
};

/** Casts as C does; numpy leaves open what becomes of values out of range. */
function cast(dtype: ElementType): FittedStep {
  if (dtype === "float32" || dtype === "float64") return (window) => window;
  if (dtype === "bool") return each((value) => value === 0 ? 0 : 1);
  const [least, most] = ranges[dtype];
  return each((value) => {
    const whole = Math.trunc(value);
    if (whole >= least && whole <= most) return whole;
    throw new ModelError(
      cannot("cast to", "type", dtype, {
        found: `the value ${value}`,
        expected: `${least} to ${most}`,
      }),
    );
  });
}

/** The values of each channel, or of all together. */
function parts(
  { channels, width, height, data }: Tensor,
  perChannel: boolean,
): Float32Array[] {
  if (!perChannel) return [data];
  const pixels = width * height;
  return Array.from(
    { length: channels },
    (_, channel) => data.subarray(channel * pixels, (channel + 1) * pixels),
  );
}

/** The same, in order of size. */
function ordered(whole: Tensor, perChannel: boolean): Float32Array[] {
  return parts(whole, perChannel).map((values) => values.slice().sort());
}

/** numpy's `percentile(…, method="linear")` of values in order. */
function linearPercentile(values: Float32Array, percentile: number): number {
  const place = (values.length - 1) * (percentile / 100);
  const below = Math.floor(place), share = place - below;
  const from = values[below]!, to = values[below + 1] ?? from;
  return from + share * (to - from);
}

/** numpy's `percentile(…, method="inverted_cdf")` of values in order. */
function storedPercentile(values: Float32Array, percentile: number): number {
  const rank = Math.ceil(values.length * (percentile / 100));
  return values[Math.min(values.length, Math.max(1, rank)) - 1]!;
}

function momentsOf(
  values: Float32Array,
): { readonly mean: number; readonly deviation: number } {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / values.length) };
}
