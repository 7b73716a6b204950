import type { Image } from "@unet/data";

/** An image as bioimage.io's models take it: its channels one after the other. */
export interface Tensor {
  /** How many channels. */
  readonly channels: number;
  /** Rows. */
  readonly height: number;
  /** Pixels per row. */
  readonly width: number;
  /** `channels · height · width` values, plane by plane. */
  readonly data: Float32Array;
}

/**
 * Lays an image out plane by plane, with its values as they are. Of color,
 * alpha is dropped; gray is tripled where color is wanted.
 *
 * @param image The image.
 * @param channels How many channels there have to be.
 * @returns The tensor, or nothing where the image has other channels.
 *
 * @example
 * ```ts
 * import { tensorOf } from "@unet/bioimageio";
 * import { assertEquals } from "@std/assert";
 *
 * const data = new Uint16Array([1, 10, 2, 20]);
 * const image = { width: 2, height: 1, channels: 2, depth: 16, data } as const;
 * const tensor = tensorOf({ ...image, isSeparate: true }, 2);
 * assertEquals([...tensor!.data], [1, 2, 10, 20]);
 * ```
 */
export function tensorOf(image: Image, channels: number): Tensor | undefined {
  const { width, height, isSeparate = false } = image;
  const known = !isSeparate && image.channels === 4 ? 3 : image.channels;
  const isTripled = !isSeparate && known === 1 && channels === 3;
  if (known !== channels && !isTripled) return undefined;
  const pixels = width * height, data = new Float32Array(channels * pixels);
  for (let channel = 0, to = 0; channel < channels; channel++) {
    let from = isTripled ? 0 : channel;
    for (let pixel = 0; pixel < pixels; pixel++, to++) {
      data[to] = image.data[from]!;
      from += image.channels;
    }
  }
  return { channels, height, width, data };
}

/**
 * Lays a tensor out pixel by pixel, as networks of `@unet/infer` take it.
 *
 * @param tensor The tensor.
 * @returns Its values, `[height, width, channels]`.
 *
 * @example
 * ```ts
 * import { interleaved } from "@unet/bioimageio";
 * import { assertEquals } from "@std/assert";
 *
 * const data = new Float32Array([1, 2, 10, 20]);
 * const tensor = { channels: 2, height: 1, width: 2, data };
 * assertEquals([...interleaved(tensor)], [1, 10, 2, 20]);
 * ```
 */
export function interleaved(
  { channels, data }: Tensor,
): Float32Array {
  const out = new Float32Array(data.length);
  for (let channel = 0, from = 0; channel < channels; channel++) {
    for (let to = channel; to < out.length; to += channels, from++) {
      out[to] = data[from]!;
    }
  }
  return out;
}

/**
 * Lays values out plane by plane that lie pixel by pixel.
 *
 * @param values `[height, width, channels]`.
 * @param size Channels, rows, columns.
 * @returns The tensor.
 *
 * @example
 * ```ts
 * import { planar } from "@unet/bioimageio";
 * import { assertEquals } from "@std/assert";
 *
 * const values = new Float32Array([1, 10, 2, 20]);
 * const { data } = planar(values, { channels: 2, height: 1, width: 2 });
 * assertEquals([...data], [1, 2, 10, 20]);
 * ```
 */
export function planar(
  values: Float32Array,
  { channels, height, width }: Omit<Tensor, "data">,
): Tensor {
  const data = new Float32Array(values.length);
  for (let channel = 0, to = 0; channel < channels; channel++) {
    for (let from = channel; from < values.length; from += channels, to++) {
      data[to] = values[from]!;
    }
  }
  return { channels, height, width, data };
}
