import type { Image, Labels } from "@unet/data";
import type { Geometry, Matrix } from "./_geometry.ts";
import { zerosLike } from "./_pixels.ts";

/** Whether every output pixel is exactly one input pixel: flips and quarter turns. */
export function isPermutation(
  { matrix, field }: Geometry,
  width: number,
  height: number,
): boolean {
  const [xx, xy, yx, yy] = matrix;
  if (field || ![xx, xy, yx, yy].every(Number.isInteger)) return false;
  const straight = xy === 0 && yx === 0 && Math.abs(xx * yy) === 1;
  const turned = xx === 0 && yy === 0 && Math.abs(xy * yx) === 1;
  return straight || (turned && width === height);
}

/** Copies each pixel to its place, without interpolation. */
export function permute(
  image: Image,
  labels: Labels,
  [xx, xy, yx, yy]: Matrix,
): { image: Image; labels: Labels } {
  const { width, height, channels } = image;
  const alongRow = xx + yx * width;
  const alongColumn = xy + yy * width;
  const centerX = (width - 1) / 2, centerY = (height - 1) / 2;
  const first = centerX - xx * centerX - xy * centerY +
    (centerY - yx * centerX - yy * centerY) * width;
  const pixels = zerosLike(image.data);
  const instances = new Uint32Array(labels.data.length);
  for (let y = 0; y < height; y++) {
    const from = first + y * alongColumn;
    const to = y * width;
    if (alongRow === 1) {
      pixels.set(
        image.data.subarray(from * channels, (from + width) * channels),
        to * channels,
      );
      instances.set(labels.data.subarray(from, from + width), to);
      continue;
    }
    for (let x = 0; x < width; x++) {
      instances[to + x] = labels.data[from + x * alongRow]!;
    }
    const end = (to + width) * channels;
    let value = from * channels;
    for (let i = to * channels; i < end; i += channels) {
      for (let channel = 0; channel < channels; channel++) {
        pixels[i + channel] = image.data[value + channel]!;
      }
      value += alongRow * channels;
    }
  }
  return {
    image: { ...image, data: pixels },
    labels: { ...labels, data: instances },
  };
}
