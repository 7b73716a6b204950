import { openDataset, readCase } from "@unet/data";
import { type Device, openDevice } from "@unet/device";
import { cannot, DatasetError } from "@unet/errors";
import { predictorOf, segmentImage } from "@unet/infer";
import {
  loadModel,
  measureFeatures,
  readModel,
  saveFeatureLimits,
} from "@unet/model";
import { isAboutReading } from "./doubt.ts";
import type { Doubt } from "./doubt.ts";
import { cardSettings } from "./models/card_settings.ts";
import { findModel } from "./models/find_model.ts";
import { type ReadingChoices, readingOf } from "./models/reading_of.ts";
import { windowOf } from "./models/window_of.ts";

/** Settings of a calibration. */
export interface CalibrateChoices extends ReadingChoices {
  /** A run folder, a model file, or the name of a published model. */
  readonly model: string;
  /** A folder or zip of images; masks are not used. */
  readonly data: string;
  /** Images, spread over the data; 32 by default. */
  readonly images?: number;
  /** What computes; the fastest that works by default. */
  readonly device?: string;
}

/** Events of a calibration, and the signal that ends it. */
export interface CalibrateEvents {
  /** The device was opened. */
  onDevice?(device: Device): void;
  /** A line about what was decided, such as which model it is. */
  onNote?(line: string): void;
  /** An image leaves something open. */
  onWarning?(doubt: Doubt): void;
  /** Images that were measured. */
  onProgress?(done: number, all: number): void;
  /** When aborted, the calibration ends between two windows. */
  readonly signal?: AbortSignal;
}

/** The result of a calibration. */
export interface Calibration {
  /** The file beside the model that holds the limits. */
  readonly file: string;
  /** Layers that were measured. */
  readonly layers: number;
  /** Images that they were measured on. */
  readonly images: number;
}

/**
 * Prepares a trained network for eight bits: measures the range of its features
 * on images and writes it beside the model, as `model.int8.json`.
 *
 * @param choices The model, and the images.
 * @param events What is reported, and what ends it.
 * @throws {DatasetError} If there is no image, or one cannot be read.
 * @throws {UnetError} If the model or the device cannot be opened.
 */
export async function calibrate(
  choices: CalibrateChoices,
  events: CalibrateEvents = {},
): Promise<Calibration> {
  const say = (line: string): void => events.onNote?.(line);
  const { path, note } = await findModel(choices.model);
  if (note !== undefined) say(note);
  const card = cardSettings(await readModel(path));
  await using stack = new AsyncDisposableStack();
  const dataset = await openDataset(choices.data);
  stack.defer(() => dataset.close());
  const cases = spread(dataset.cases, choices.images ?? 32);
  if (cases.length === 0) {
    throw new DatasetError(
      cannot("calibrate on", "dataset", dataset.path, {
        found: "no images",
        expected: "at least one",
      }),
    );
  }
  const device = await openDevice(choices.device ?? "auto");
  stack.defer(() => device.close());
  events.onDevice?.(device);
  const model = await loadModel(path);
  stack.defer(() => model.dispose());
  const { observe, limits } = measureFeatures();
  const predict = predictorOf(model, { observe });
  const choice = readingOf(choices, card, say);
  for (const [index, each] of cases.entries()) {
    events.onProgress?.(index, cases.length);
    const { image } = await readCase(each, {
      ...choice,
      onWarning(fault) {
        // Masks are not used.
        if (isAboutReading(fault)) events.onWarning?.(fault);
      },
    });
    await segmentImage(image, predict, {
      ...windowOf(model, device.name),
      ...(events.signal && { signal: events.signal }),
    });
  }
  const file = await saveFeatureLimits(path, limits);
  return { file, layers: limits.size, images: cases.length };
}

/** So many of a list, at equal distances. */
function spread<Item>(items: readonly Item[], count: number): Item[] {
  if (items.length <= count) return [...items];
  return Array.from(
    { length: count },
    (_, i) => items[Math.floor((i + 0.5) * items.length / count)]!,
  );
}
