import { convertIndexedToRgb, type DecodedPng } from "fast-png";
import type { PngHeader } from "../images/image_format.ts";
import type { Image } from "../types.ts";

/**
 * The image of a decoded PNG, as the image library gives it: palettes become
 * color, gray with alpha becomes color with alpha, fewer than 8 bits are spread
 * over 8.
 *
 * @param png What `fast-png` decoded.
 * @param header What the file's header says.
 * @throws {Error} If the palette lacks a color.
 */
export function pngImageOf(png: DecodedPng, header: PngHeader): Image {
  const { width, height, depth, channels, data } = png;
  const size = { width, height };
  if (png.palette) {
    const colors = convertIndexedToRgb(png);
    const count = colors.length / (width * height);
    return { ...size, channels: count, depth: 8, data: colors };
  }
  if (depth === 16) {
    const values = Uint16Array.from(data);
    return header.colorType === 4
      ? { ...size, channels: 4, depth: 16, data: colored(values, Uint16Array) }
      : { ...size, channels, depth: 16, data: values };
  }
  if (depth < 8) {
    return { ...size, channels: 1, depth: 8, data: spread(png) };
  }
  const values = Uint8Array.from(data);
  return header.colorType === 4
    ? { ...size, channels: 4, depth: 8, data: colored(values, Uint8Array) }
    : { ...size, channels, depth: 8, data: values };
}

/** Gray and alpha as red, green, blue and alpha. */
function colored<Values extends Uint8Array | Uint16Array>(
  values: Values,
  make: new (length: number) => Values,
): Values {
  const out = new make(2 * values.length);
  for (let from = 0, to = 0; from < values.length; from += 2, to += 4) {
    out.fill(values[from]!, to, to + 3);
    out[to + 3] = values[from + 1]!;
  }
  return out;
}

/** Values of 1, 2 or 4 bits, whose largest becomes 255. */
function spread({ width, height, depth, data }: DecodedPng): Uint8Array {
  const out = new Uint8Array(width * height);
  const most = (1 << depth) - 1, rowBytes = Math.ceil(width * depth / 8);
  for (let row = 0, to = 0; row < height; row++) {
    for (let column = 0; column < width; column++, to++) {
      const bit = column * depth;
      const byte = data[row * rowBytes + (bit >> 3)]!;
      out[to] = (byte >> 8 - depth - (bit & 7) & most) * (255 / most);
    }
  }
  return out;
}
