import type { PredictionInfo } from "@unet/app/kept-prediction";
import { objectOptions } from "@unet/app/object-options";
import { type PlannedPrediction, predictFile } from "@unet/app/plan-prediction";
import type { ReadingChoices } from "@unet/app/plan-prediction";
import { cannot, FileError } from "@unet/errors";
import { InstanceFinder } from "@unet/infer/instances";
import { LabelPainter } from "@unet/infer/outputs";
import type { Predict } from "@unet/infer/predict";

/** The most pixels of an image whose labels a page holds: 8192×8192. */
const mostPixels = 2 ** 26;

/** What a network found in an image. */
export interface FoundImage {
  /** What was predicted. */
  readonly info: Omit<PredictionInfo, "model">;
  /** Instance numbers, row by row. */
  readonly labels: Uint32Array<ArrayBuffer>;
  /** How many there are. */
  readonly objects: number;
  /** The probability of being object. */
  readonly object: Float32Array<ArrayBuffer>;
}

/** What an image is predicted by. */
export interface PredictImageOptions {
  /** How the model predicts. */
  readonly planned: PlannedPrediction;
  /** Which part of the file is read. */
  readonly reading: ReadingChoices;
  /** Windows that are finished, and all of them. */
  readonly onProgress: (done: number, total: number) => void;
  /** Ends the work between two batches. */
  readonly signal: AbortSignal;
}

/**
 * Finds the objects of an image, as `segment()` does.
 *
 * @throws {FileError} If the image cannot be read, or is too large for a page.
 * @throws The signal's reason, when it is aborted.
 */
export async function predictImage(
  path: string,
  predict: Predict,
  { planned, ...events }: PredictImageOptions,
): Promise<FoundImage> {
  await using image = await predictFile(path, predict, planned, events);
  const { info } = image, { width, height, settings, scaled } = info;
  requireSize(path, width, height);
  const finder = new InstanceFinder(
    width,
    height,
    objectOptions(settings, scaled),
  );
  const painter = new LabelPainter(width, height);
  const labels = new Uint32Array(width * height);
  const object = new Float32Array(width * height);
  let objects = 0, written = 0;
  for await (const band of image.bands()) {
    object.set(band.planes["object"]!, band.y * width);
    const found = finder.add(band);
    objects += found.instances.length;
    for (const rows of painter.add(found)) {
      labels.set(rows, written);
      written += rows.length;
    }
  }
  return { info, labels, objects, object };
}

function requireSize(path: string, width: number, height: number): void {
  if (width * height <= mostPixels) return;
  throw new FileError(cannot("segment", "image", path, {
    found: `${width}×${height} pixels`,
    expected: `at most ${mostPixels} in a page, as of 8192×8192`,
    remedy: "use the command unet segment",
  }));
}
