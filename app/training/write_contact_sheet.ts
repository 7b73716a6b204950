import {
  contactSheet,
  type OtherSource,
  transformOptionsOf,
} from "@unet/augment";
import {
  type CachedCase,
  encodePng,
  type Random,
  readScaledTile,
  readTile,
} from "@unet/data";
import { writeFile } from "@unet/files";
import { firstTileOf } from "../first_tile.ts";
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
 * @param settings Size of the tile, seed, scales and augmentation.
 */
export async function writeContactSheet(
  run: RunFolder,
  [image, ...others]: readonly [CachedCase, ...CachedCase[]],
  { tile: size, seed, scales, augment, augmentStrength }: TrainSettings,
): Promise<void> {
  const placeOf = (source: CachedCase) => firstTileOf(source, size!);
  const draw = (source: CachedCase, random: Random) =>
    scales
      ? readScaledTile(placeOf(source), scales, random)
      : readTile(placeOf(source));
  const alike = others.filter(({ modality }) => modality === image.modality);
  const other: OtherSource["other"] = alike.length === 0
    ? undefined
    : (random) => draw(alike[random.integer(0, alike.length - 1)]!, random);
  const { image: pixels, labels } = readTile(placeOf(image));
  const sheet = contactSheet(pixels, labels, {
    seed,
    sample: (random) => draw(image, random),
    transform: { ...transformOptionsOf(augment, augmentStrength), other },
  });
  const path = run.samplePath("augmented.png");
  await writeFile(path, await encodePng(sheet), "contact sheet");
}
