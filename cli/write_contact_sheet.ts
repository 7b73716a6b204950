import { contactSheet } from "@unet/augment";
import {
  type CachedCase,
  cutTile,
  encodePng,
  readCachedWindow,
  tilesOf,
} from "@unet/data";
import { writeFile } from "@unet/files";
import type { RunFolder } from "@unet/train";

/**
 * Draws the first tile of an image as training sees it: as it is, then
 * augmented eleven times, the masks' outlines drawn in. It goes into the run's
 * `samples/augmented.png`.
 *
 * @param run The run folder.
 * @param image The image.
 * @param size The tile's height and width.
 * @param seed The seed of the augmentation.
 */
export async function writeContactSheet(
  run: RunFolder,
  image: CachedCase,
  size: number,
  seed: number,
): Promise<void> {
  const [tile] = tilesOf(image.width, image.height, size);
  const { image: pixels, labels } = cutTile(readCachedWindow(image), tile!);
  const sheet = contactSheet(pixels, labels, { seed });
  const path = run.samplePath("augmented.png");
  await writeFile(path, await encodePng(sheet), "contact sheet");
}
