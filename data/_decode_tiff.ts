import { memorySource } from "./_byte_source.ts";
import { requirePixels } from "./_require_pixels.ts";
import { isBlockwise, TiffBlocks } from "./_tiff_blocks.ts";
import { readDirectories } from "./_tiff_directory.ts";
import { TiffFile } from "./_tiff_file.ts";
import { pictureOf, readPage } from "./_tiff_page.ts";
import { depthOf } from "./_tiff_values.ts";
import { emptyValues } from "./_window.ts";
import type { Image } from "./types.ts";

/**
 * Decodes the first page of a TIFF in memory, where it is gray or color and
 * of a kind that is read piece by piece.
 *
 * @returns The image; undefined where the page is of another kind, which is
 * left to the image library.
 * @throws {FileError} If the file is damaged or has more pixels than it may.
 */
export async function decodeTiff(
  bytes: Uint8Array,
  name: string,
  maxPixels: number,
): Promise<Image | undefined> {
  const file = new TiffFile(name, memorySource(bytes));
  const page = readPage(file, readDirectories(file)[0]!);
  const channels = pictureOf(page);
  if (!channels || !isBlockwise(page)) return undefined;
  requirePixels(page, name, maxPixels);
  const { width, height } = page, depth = depthOf(page);
  const blocks = new TiffBlocks(file, page), { grid } = blocks;
  requirePixels({ width: grid.width, height: grid.height }, name, maxPixels);
  const wanted = Array.from({ length: channels }, (_, sample) => sample);
  const first = await blocks.read(0, 0, wanted);
  // Not before a piece was decoded: a file may claim any size.
  const data = emptyValues(depth, width * height * channels);
  for (let row = 0; row < grid.down; row++) {
    for (let column = 0; column < grid.across; column++) {
      const block = row === 0 && column === 0
        ? first
        : await blocks.read(column, row, wanted);
      const left = column * grid.width, top = row * grid.height;
      const length = Math.min(grid.width, width - left) * channels;
      for (let y = top; y < Math.min(height, top + grid.height); y++) {
        const from = (y - top) * grid.width * channels;
        data.set(
          block.subarray(from, from + length),
          (y * width + left) * channels,
        );
      }
    }
  }
  return { width, height, channels, depth, data };
}
