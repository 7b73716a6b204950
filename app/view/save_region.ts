/**
 * Saves a part of an image as an image of its own.
 *
 * @module
 */
import type { Image, OpenedImage, Rectangle } from "@unet/data";
import { openImageTiff } from "@unet/infer/outputs";
import { openAllChannels } from "./open_all_channels.ts";
import type { ViewChoice } from "./open_view.ts";

/** Values that are read at once. */
const atOnce = 2 ** 22;

/** Regions of more pixels have levels of lower resolution. */
const pyramidAbove = 2 ** 24;

/**
 * Saves a part of an image, as of a slide, as an image of its own: a TIFF with
 * the same values, channels and pixel size; of color with alpha the colors
 * alone. Memory does not grow with the part.
 *
 * @param path The image.
 * @param part The part.
 * @param out The file to write, replaced if it is there.
 * @param choice Which plane and time point; the first ones by default.
 * @throws {FileError} If the image cannot be read, or the file not be written.
 * @throws {RangeError} If the part is not within the image.
 *
 * @example
 * ```ts
 * import { saveRegion } from "@unet/app/save-region";
 * import { decodeImage, encodePng } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir(), path = `${folder}/slide.png`;
 * const data = new Uint8Array([1, 2, 3, 4, 5, 6]);
 * const image = { width: 3, height: 2, channels: 1, depth: 8, data } as const;
 * await Deno.writeFile(path, await encodePng(image));
 * const part = { x: 1, y: 0, width: 2, height: 2 }, out = `${folder}/part.tif`;
 * await saveRegion(path, part, out);
 * const saved = await decodeImage(await Deno.readFile(out), out);
 * assertEquals([...saved.data], [2, 3, 5, 6]);
 * ```
 */
export async function saveRegion(
  path: string,
  part: Rectangle,
  out: string,
  choice: ViewChoice = {},
): Promise<void> {
  const { x, y, width, height } = part;
  const { image: opened } = await openAllChannels(path, choice);
  await using image = opened;
  const isWithin = x >= 0 && y >= 0 && width >= 1 && height >= 1 &&
    x + width <= image.width && y + height <= image.height;
  if (!isWithin) {
    throw new RangeError(
      `Cannot save region: found ${width}×${height} at ${x},${y}, expected a part of ${image.width}×${image.height}`,
    );
  }
  await using tiff = await openImageTiff(out, {
    ...{ width, height, depth: image.depth, channels: channelsOf(image) },
    ...(image.pixelSize && { pixelSize: image.pixelSize }),
    pyramid: width * height > pyramidAbove,
  });
  const rows = Math.max(1, Math.floor(atOnce / (width * image.channels)));
  for (let top = 0; top < height; top += rows) {
    const count = Math.min(rows, height - top);
    const read = await image.read(x, y + top, width, count);
    await tiff.writeRows(image.isSeparate ? read.data : withoutAlpha(read));
  }
  await tiff.finish();
}

function channelsOf(image: OpenedImage): 1 | 3 | readonly string[] {
  if (!image.isSeparate) return image.channels >= 3 ? 3 : 1;
  return Array.from(
    { length: image.channels },
    (_, at) => image.channelNames[at] ?? `Channel ${at}`,
  );
}

function withoutAlpha({ data, channels }: Image): Image["data"] {
  return channels === 4 ? data.filter((_, at) => at % 4 < 3) : data;
}
