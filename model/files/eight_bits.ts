import { brief, cannot, ModelError } from "@unet/errors";
import {
  type FloatTensor,
  floatValues,
  isFloating,
  type SafetensorsFile,
  type SafetensorsView,
} from "./safetensors.ts";

/** The largest whole number that a value is stored as; the least is its negative. */
const most = 127;

/** What follows a tensor's name in that of its scales. */
const scaleEnding = "_scale";

/** The name of the scales of an 8-bit tensor. */
export function scaleNameOf(name: string): string {
  return `${name}${scaleEnding}`;
}

/** A tensor in whole numbers of 8 bits, which its scales multiply. */
export interface EightBits {
  /** The whole numbers, from −127 to 127, in the tensor's own shape. */
  readonly whole: SafetensorsView;
  /** A scale per channel; its shape is 1 along every other axis. */
  readonly scale: FloatTensor;
}

/**
 * Rounds a tensor to 8 bits: symmetric, with a scale for each channel, of which
 * the largest value becomes 127 (or −127), as weight-only quantization of
 * `compressed-tensors` by its strategy `channel`. Of two whole numbers as near,
 * the even one is taken. A channel of zeros has scale 1.
 *
 * @param tensor The tensor, of finite values.
 * @param axis The axis of its channels.
 * @returns The whole numbers, and their scales.
 */
export function toEightBits(
  { shape, values }: FloatTensor,
  axis: number,
): EightBits {
  const channels = shape[axis]!;
  const inner = product(shape.slice(axis + 1));
  const largest = new Float32Array(channels);
  for (let at = 0; at < values.length; at++) {
    const channel = Math.floor(at / inner) % channels;
    largest[channel] = Math.max(largest[channel]!, Math.abs(values[at]!));
  }
  const scales = largest.map((one) => one / most);
  // Of numbers near the least that float32 holds, a 127th is zero.
  for (const [channel, one] of scales.entries()) {
    if (one === 0) scales[channel] = 1;
  }
  const whole = new Int8Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const channel = Math.floor(at / inner) % channels;
    // As float32, since other programs divide so.
    const nearest = roundToEven(Math.fround(values[at]! / scales[channel]!));
    // The scale is rounded to float32, so that 127.00001 may come out.
    whole[at] = Math.max(-most, Math.min(most, nearest));
  }
  return {
    whole: { dtype: "I8", shape, bytes: new Uint8Array(whole.buffer) },
    scale: {
      shape: shape.map((size, place) => place === axis ? size : 1),
      values: scales,
    },
  };
}

/**
 * Widens the 8-bit tensors of a file, `X` beside its scales `X_scale`, to
 * float32 tensors of their names; a file without any stays as it is.
 *
 * @param file The file.
 * @param name What to call it in a message.
 * @param axes The axis of the channels of tensors by name, where it is known;
 * of others, the first or the second.
 * @returns The file with floating point tensors in place of the 8-bit ones.
 * @throws {ModelError} If scales are missing or do not fit their tensor.
 */
export function withoutEightBits(
  file: SafetensorsFile,
  name: string,
  axes: ReadonlyMap<string, number> = new Map(),
): SafetensorsFile {
  const tensors = new Map(file.tensors);
  for (const [tensor, view] of file.tensors) {
    if (view.dtype !== "I8") continue;
    const scaleName = scaleNameOf(tensor);
    const scale = file.tensors.get(scaleName);
    const known = axes.get(tensor);
    const choices = known === undefined ? [0, 1] : [known];
    const axis = scale && choices.find((axis) => fits(view, scale, axis));
    if (scale === undefined || axis === undefined) {
      throw new ModelError(
        cannot("read", "safetensors file", name, {
          found: `8-bit tensor ${brief(tensor)} of shape ` +
            `${brief(view.shape)} with ` +
            (scale === undefined
              ? "no scales"
              : `scales ${scale.dtype} ${brief(scale.shape)}`),
          expected: `${brief(scaleName)}, floating point, a scale per ` +
            (known === undefined ? "channel" : `output, on axis ${known}`),
        }),
      );
    }
    tensors.set(tensor, widened(view, floatValues(scale), axis));
    tensors.delete(scaleName);
  }
  return { ...file, tensors };
}

/** Whether there is a scale for each place along an axis. */
function fits(
  { shape }: SafetensorsView,
  scale: SafetensorsView,
  axis: number,
): boolean {
  const expected = shape.map((size, place) => place === axis ? size : 1);
  return isFloating(scale) && axis < shape.length &&
    `${scale.shape}` === `${expected}`;
}

function widened(
  { shape, bytes }: SafetensorsView,
  scales: Float32Array,
  axis: number,
): SafetensorsView {
  const whole = new Int8Array(
    bytes.buffer,
    bytes.byteOffset,
    bytes.byteLength,
  );
  const inner = product(shape.slice(axis + 1));
  const values = new Float32Array(whole.length);
  for (let at = 0; at < values.length; at++) {
    const channel = Math.floor(at / inner) % scales.length;
    values[at] = whole[at]! * scales[channel]!;
  }
  return { dtype: "F32", shape, bytes: new Uint8Array(values.buffer) };
}

function roundToEven(value: number): number {
  const down = Math.floor(value), rest = value - down;
  if (rest !== 0.5) return Math.round(value);
  return down % 2 === 0 ? down : down + 1;
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((product, size) => product * size, 1);
}
