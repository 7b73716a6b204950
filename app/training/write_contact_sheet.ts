import { contactSheet, transformOptionsOf } from "@unet/augment";
import {
  type CachedCase,
  cutTile,
  encodePng,
  readCachedWindow,
  tilesOf,
} from "@unet/data";
import { writeFile } from "@unet/files";
import type { RunFolder } from "@unet/train";
import type { TrainSettings } from "../settings/train_settings.ts";

/**
 * Draws the first tile of an image as training sees it: as it is, then
 * augmented eleven times, the masks' outlines drawn in. It goes into the run's
 * `samples/augmented.png`.
 *
 * @param run The run folder.
 * @param image The image.
 * @param settings Size of the tile, seed and augmentation.
 */
export async function writeContactSheet(
  run: RunFolder,
  image: CachedCase,
  { tile: size, seed, augment, augmentStrength }: TrainSettings,
): Promise<void> {
  const [tile] = tilesOf(image.width, image.height, size!);
  const { image: pixels, labels } = cutTile(readCachedWindow(image), tile!);
  const sheet = contactSheet(pixels, labels, {
    seed,
    transform: transformOptionsOf(augment, augmentStrength),
  });
  const path = run.samplePath("augmented.png");
  await writeFile(path, await encodePng(sheet), "contact sheet");
}
