import {
  contactSheet,
  type OtherSource,
  transformOptionsOf,
} from "@unet/augment";
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
 * @param images The images, the one to draw first; objects are pasted from
 * others of its modality.
 * @param settings Size of the tile, seed and augmentation.
 */
export async function writeContactSheet(
  run: RunFolder,
  [image, ...others]: readonly [CachedCase, ...CachedCase[]],
  { tile: size, seed, augment, augmentStrength }: TrainSettings,
): Promise<void> {
  const firstTile = (from: CachedCase) => {
    const [tile] = tilesOf(from.width, from.height, size!);
    return cutTile(readCachedWindow(from), tile!);
  };
  const alike = others.filter(({ modality }) => modality === image.modality);
  const other: OtherSource["other"] = alike.length === 0
    ? undefined
    : (random) => firstTile(alike[random.integer(0, alike.length - 1)]!);
  const { image: pixels, labels } = firstTile(image);
  const sheet = contactSheet(pixels, labels, {
    seed,
    transform: { ...transformOptionsOf(augment, augmentStrength), other },
  });
  const path = run.samplePath("augmented.png");
  await writeFile(path, await encodePng(sheet), "contact sheet");
}
