/**
 * Finds the objects of a kept prediction and saves them as a mask.
 *
 * @module
 */
import { InstanceFinder } from "@unet/infer/instances";
import { LabelPainter, LabelTiff } from "@unet/infer/outputs";
import type { KeptPrediction } from "./kept_prediction.ts";
import { objectOptions, type ObjectSettings } from "./object_options.ts";

/** How a mask is saved. */
export interface SaveOptions {
  /** What is an object. */
  readonly settings: ObjectSettings;
  /** Hears which class each object has, where the network has classes. */
  readonly onClass?: (label: number, name: string) => void;
  /** Ends the work between two bands. */
  readonly signal?: AbortSignal;
}

/** Values that are read at once. */
const atOnce = 2 ** 22;

/** Masks of more pixels have levels of lower resolution. */
const pyramidAbove = 2 ** 24;

/**
 * Finds the objects of a kept prediction and saves them as instance numbers, a
 * TIFF of 16 or 32 bits. The file appears when it is complete.
 *
 * @param kept The prediction.
 * @param path The mask's file, replaced if it is there.
 * @param options What is an object.
 * @returns How many objects there are.
 * @throws {FileError} If the prediction cannot be read, or the mask not be
 * written.
 * @throws {RangeError} If a setting is not in its range.
 * @throws The signal's reason, when it is aborted; the file stays as it was.
 */
export async function saveObjects(
  kept: KeptPrediction,
  path: string,
  { settings, onClass, signal }: SaveOptions,
): Promise<number> {
  const { width, height, heads, classes, scaled, pixelSize } = kept.info;
  const finder = new InstanceFinder(
    width,
    height,
    objectOptions(settings, scaled),
    classes && { classes: { name: "classes", channels: classes.length } },
  );
  const painter = new LabelPainter(width, height);
  await using tiff = await LabelTiff.open(path, {
    ...{ width, height, pyramid: width * height > pyramidAbove },
    ...(pixelSize && { pixelSize }),
  });
  const perRow = width * (classes?.length ?? 1);
  const rows = Math.max(1, Math.floor(atOnce / perRow));
  let objects = 0;
  for (let y = 0; y < height; y += rows) {
    signal?.throwIfAborted();
    const part = { x: 0, y, width, height: Math.min(rows, height - y) };
    const planes: Record<string, Float32Array> = {};
    for (const head of [...heads, ...(classes ? ["classes"] : [])]) {
      planes[head] = await kept.read(head, part);
    }
    const found = finder.add({ y, width, height: part.height, planes });
    objects += found.instances.length;
    for (const { label, class: place } of found.instances) {
      if (place !== undefined) onClass?.(label, classes![place]!);
    }
    for (const labels of painter.add(found)) await tiff.writeRows(labels);
  }
  await tiff.finish();
  return objects;
}
