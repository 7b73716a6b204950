/**
 * How a model predicts images, as its card says. A page does it so, too.
 *
 * @module
 */
import { cannot, ModelError } from "@unet/errors";
import {
  type Band,
  type ClassHead,
  classHeadOf,
  findingOf,
  type Predict,
} from "@unet/infer";
import { settle } from "@unet/infer/instances";
import {
  openPrediction,
  type ResultSettings,
} from "@unet/infer/open-prediction";
import type { Model, SavedModel } from "@unet/model";
import { type CardSettings, cardSettings } from "../models/card_settings.ts";
import { diameterOf } from "../models/diameter_of.ts";
import {
  instancesOf,
  type ReadingChoices,
  readingOf,
  thresholdOf,
} from "../models/reading_of.ts";
import { windowOf } from "../models/window_of.ts";
import type { PredictChoices } from "../segment.ts";
import type { PredictionInfo } from "./kept_prediction.ts";
import { type ObjectSettings, settingsOfImage } from "./object_options.ts";

export type { ReadingChoices };

/** The heads that objects are found by. */
const ofObjects = ["object", "border"];

/** What an image is predicted by, what is reported, and what ends it. */
export interface PredictionEvents {
  /** Which part of the file the network sees; what the card says by default. */
  readonly reading?: ReadingChoices;
  /** Windows that are finished, and all of them. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Ends the work between two batches. */
  readonly signal?: AbortSignal;
}

/** How images are predicted. */
export interface PlannedPrediction {
  /** What the card says. */
  readonly card: CardSettings;
  /** How images are cut and scaled. */
  readonly settings: ResultSettings;
  /** The heads of which values are kept. */
  readonly heads: readonly string[];
  /** The head of classes, where the network has one. */
  readonly classHead: ClassHead | undefined;
  /** What is an object, in pixels of what the network sees. */
  readonly objects: ObjectSettings;
}

/** An image that is open, and what is predicted of it. */
export interface PredictedFile extends AsyncDisposable {
  /** What is known of it before the network runs. */
  readonly info: Omit<PredictionInfo, "model">;
  /** Runs the network. */
  bands(): AsyncGenerator<Band, void, void>;
}

/**
 * Makes sure that a model finds objects.
 *
 * @param saved The model.
 * @param name What messages call it.
 * @throws {ModelError} If it gives each pixel a class.
 */
export function requireObjects(saved: SavedModel, name: string): void {
  if (findingOf(saved.plan.task.heads) === "objects") return;
  throw new ModelError(
    cannot("predict with", "model", name, {
      found: "one that predicts a class per pixel",
      expected: "one that finds objects",
      remedy: "use the command unet segment",
    }),
  );
}

/**
 * Plans how a model predicts images.
 *
 * @param saved The model's file.
 * @param network The network of it, what it runs on, and the function that
 * predicts.
 * @param choices The diameter of objects, where a person decides it.
 * @throws {UnetError} If the card does not hold.
 */
export function planPrediction(
  saved: SavedModel,
  { model, device, predict }: {
    readonly model: Model;
    readonly device: string;
    readonly predict: Predict;
  },
  choices: Pick<PredictChoices, "diameter">,
): PlannedPrediction {
  const card = cardSettings(saved);
  const diameter = diameterOf(choices, card);
  const { minimalArea, maximalHole, depth, smoothing, borderWeight } = settle(
    instancesOf({}, card),
  );
  const known = predict.heads?.map(({ name }) => name) ?? ["object"];
  return {
    card,
    settings: {
      ...windowOf(model, device),
      ...(diameter && { diameter }),
    },
    heads: ofObjects.filter((head) => known.includes(head)),
    classHead: classHeadOf(predict.heads ?? []),
    objects: {
      threshold: thresholdOf(undefined, card),
      ...{ minimalArea, maximalHole, depth, smoothing, borderWeight },
    },
  };
}

/**
 * Opens an image to be predicted.
 *
 * @param path The file.
 * @param predict The network.
 * @param planned How it predicts.
 * @param events What is read, who hears of progress, and what ends it.
 * @throws {FileError} If it cannot be read.
 * @throws {UsageError} If the model takes no such channels.
 * @throws The signal's reason, when it is aborted.
 */
export async function predictFile(
  path: string,
  predict: Predict,
  { card, settings, heads, classHead, objects }: PlannedPrediction,
  { reading: choices = {}, ...events }: PredictionEvents = {},
): Promise<PredictedFile> {
  const reading = readingOf(choices, card);
  const image = await openPrediction(path, predict, {
    settings: { ...settings, ...reading },
    ...events,
  });
  const { width, height, scaled, pixelSize } = image;
  return {
    info: {
      ...{ width, height, heads, reading },
      ...(classHead && { classes: classHead.classes }),
      settings: settingsOfImage(objects, scaled),
      ...(pixelSize && { pixelSize }),
      ...(scaled && { scaled }),
    },
    bands: () => withClasses(image.bands(), classHead),
    [Symbol.asyncDispose]: () => image[Symbol.asyncDispose](),
  };
}

/** Bands whose classes have the name by which they are kept. */
async function* withClasses(
  bands: AsyncIterable<Band>,
  head: ClassHead | undefined,
): AsyncGenerator<Band, void, void> {
  for await (const band of bands) {
    const { planes } = band;
    yield head
      ? { ...band, planes: { ...planes, classes: planes[head.name]! } }
      : band;
  }
}
