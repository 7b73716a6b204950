/**
 * A model that is open to predict one image after the other.
 *
 * @module
 */
import { cannot, ModelError } from "@unet/errors";
import { type Band, type ClassHead, classHeadOf, findingOf } from "@unet/infer";
import { openPrediction } from "@unet/infer/open-prediction";
import { settle } from "@unet/infer/instances";
import { cardSettings } from "../models/card_settings.ts";
import { diameterOf } from "../models/diameter_of.ts";
import { readNamedModel } from "../models/find_model.ts";
import { openNetwork } from "../models/open_network.ts";
import {
  instancesOf,
  type ReadingChoices,
  readingOf,
  thresholdOf,
} from "../models/reading_of.ts";
import { windowOf } from "../models/window_of.ts";
import type { PredictChoices } from "../segment.ts";
import { keepPrediction, KeptPrediction } from "./kept_prediction.ts";
import { settingsOfImage } from "./object_options.ts";

/** Settings of a predictor. */
export type PredictorChoices = Pick<
  PredictChoices,
  "model" | "device" | "precision" | "diameter"
>;

/** The device for a prediction, its events, and the signal that ends it. */
export interface PredictorEvents {
  /** Which part of the file the network sees; what the card says by default. */
  readonly reading?: ReadingChoices;
  /** Windows that are finished, and all of them. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Ends the work between two batches. */
  readonly signal?: AbortSignal;
}

/** A model that is open to predict images. */
export interface Predictor extends AsyncDisposable {
  /** What computes, by name. */
  readonly device: string;
  /**
   * Predicts an image and keeps that.
   *
   * @param path The image.
   * @param folder Where it is kept, in place of what is there.
   * @param events Who hears of progress, and what ends it.
   * @returns What was kept.
   * @throws {FileError} If the image cannot be read, or the folder not be
   * written.
   * @throws {UsageError} If the model takes no such channels.
   * @throws The signal's reason, when it is aborted.
   */
  predict(
    path: string,
    folder: string,
    events?: PredictorEvents,
  ): Promise<KeptPrediction>;
}

/** The heads that objects are found by. */
const ofObjects = ["object", "border"];

/**
 * Opens a model to predict images, as `segment()` does, and to decide
 * afterwards what is an object.
 *
 * @param choices The model, what computes, and the diameter of objects.
 * @param onNote Given a line about what the model's card decided.
 * @returns The predictor; dispose of it to free the device.
 * @throws {UnetError} If the model or the device cannot be opened.
 * @throws {ModelError} If the model finds no objects.
 */
export async function openPredictor(
  choices: PredictorChoices,
  onNote: (line: string) => void = () => {},
): Promise<Predictor> {
  const { model: name } = choices;
  const saved = await readNamedModel(name, onNote), card = cardSettings(saved);
  if (findingOf(saved.plan.task.heads) !== "objects") {
    throw new ModelError(
      cannot("predict with", "model", name, {
        found: "one that predicts a class per pixel",
        expected: "one that finds objects",
        remedy: "use the command unet segment",
      }),
    );
  }
  const diameter = diameterOf(choices, card, onNote);
  readingOf({}, card, onNote);
  const network = await openNetwork(saved, choices);
  const { predict } = network;
  const { minimalArea, maximalHole, depth, smoothing, borderWeight } = settle(
    instancesOf({}, card),
  );
  const settings = {
    ...windowOf(network.model, network.device.name),
    ...(diameter && { diameter }),
  };
  const known = predict.heads?.map(({ name }) => name) ?? ["object"];
  const heads = ofObjects.filter((head) => known.includes(head));
  const classHead = classHeadOf(predict.heads ?? []);
  const objects = {
    threshold: thresholdOf(undefined, card),
    ...{ minimalArea, maximalHole, depth, smoothing, borderWeight },
  };
  return {
    device: network.device.name,
    async predict(path, folder, { reading: choices = {}, ...events } = {}) {
      const reading = readingOf(choices, card);
      await using image = await openPrediction(path, predict, {
        settings: { ...settings, ...reading },
        ...events,
      });
      const { width, height, scaled, pixelSize } = image;
      await keepPrediction(folder, {
        ...{ width, height, heads, model: name, reading },
        ...(classHead && { classes: classHead.classes }),
        settings: settingsOfImage(objects, scaled),
        ...(pixelSize && { pixelSize }),
        ...(scaled && { scaled }),
      }, withClasses(image.bands(), classHead));
      return (await KeptPrediction.open(folder))!;
    },
    [Symbol.asyncDispose]: () => network[Symbol.asyncDispose](),
  };
}

/** Bands whose classes have the name by which they are kept. */
async function* withClasses(
  bands: AsyncIterable<Band>,
  head: ClassHead | undefined,
): AsyncGenerator<Band> {
  for await (const band of bands) {
    const { planes } = band;
    yield head
      ? { ...band, planes: { ...planes, classes: planes[head.name]! } }
      : band;
  }
}
