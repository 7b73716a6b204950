import { join } from "@std/path";
import { encodePng, type Image, synthesize } from "@unet/data";
import { makeFolder, writeFile } from "@unet/files";
import { TiffWriter } from "@unet/infer/outputs";
import type { SegmentSettings } from "./segment_settings.ts";

/** Images of the large one's mosaic that differ, and their size in pixels. */
const mosaic = { different: 4, width: 784, height: 1040 };

/**
 * Draws the plate: images of nuclei as `unet synth` draws them, six in ten of
 * fluorescence, the others stained or in bright field.
 *
 * @returns The folder.
 */
export async function drawPlate(
  folder: string,
  { images, size }: Pick<SegmentSettings, "images" | "size">,
): Promise<string> {
  const plate = join(folder, "plate");
  await makeFolder(plate);
  const samples = synthesize({
    ...{ count: images, width: size, height: size, seed: 0 },
  });
  for (const { id, image } of samples) {
    await writeFile(join(plate, `${id}.png`), await encodePng(image), "image");
  }
  return plate;
}

/**
 * Draws a large image of fluorescence as a tiled TIFF: a mosaic of a few images
 * that come again and again.
 *
 * @returns The file.
 */
export async function drawLarge(
  folder: string,
  { large }: Pick<SegmentSettings, "large">,
): Promise<string> {
  const path = join(folder, "large.tif");
  const tiles = drawTiles();
  await using tiff = await TiffWriter.open(path, { ...large, type: "uint8" });
  for (let top = 0, row = 0; top < large.height; row++) {
    const height = Math.min(mosaic.height, large.height - top);
    const rows = new Uint8Array(large.width * height);
    for (let left = 0, column = 0; left < large.width; column++) {
      const width = Math.min(mosaic.width, large.width - left);
      const tile = tiles[(row + column) % tiles.length]!;
      for (let y = 0; y < height; y++) {
        const line = y * mosaic.width;
        const values = tile.data.subarray(line, line + width);
        rows.set(values, y * large.width + left);
      }
      left += width;
    }
    await tiff.writeRows(rows);
    top += height;
  }
  await tiff.finish();
  return path;
}

function drawTiles(): Image[] {
  const { different, width, height } = mosaic;
  const tiles: Image[] = [];
  // Six in ten are of fluorescence.
  for (
    const { id, image } of synthesize({ count: 10, width, height, seed: 1 })
  ) {
    if (!id.startsWith("fluorescence")) continue;
    tiles.push(image);
    if (tiles.length === different) break;
  }
  return tiles;
}
