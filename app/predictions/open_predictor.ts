/**
 * A model that is open to predict one image after the other.
 *
 * @module
 */
import { cardSettings } from "../models/card_settings.ts";
import { diameterOf } from "../models/diameter_of.ts";
import { readNamedModel } from "../models/find_model.ts";
import { openNetwork } from "../models/open_network.ts";
import { readingOf } from "../models/reading_of.ts";
import type { PredictChoices } from "../segment.ts";
import { keepPrediction, KeptPrediction } from "./kept_prediction.ts";
import {
  planPrediction,
  predictFile,
  type PredictionEvents,
  requireObjects,
} from "./plan_prediction.ts";

/** Settings of a predictor. */
export type PredictorChoices = Pick<
  PredictChoices,
  "model" | "device" | "precision" | "diameter"
>;

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
    events?: PredictionEvents,
  ): Promise<KeptPrediction>;
}

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
  const saved = await readNamedModel(name, onNote);
  requireObjects(saved, name);
  const card = cardSettings(saved);
  diameterOf(choices, card, onNote);
  readingOf({}, card, onNote);
  const network = await openNetwork(saved, choices);
  const { model, predict, device: { name: device } } = network;
  const planned = planPrediction(saved, { model, device, predict }, choices);
  return {
    device,
    async predict(path, folder, events = {}) {
      await using image = await predictFile(path, predict, planned, events);
      const info = { ...image.info, model: name };
      await keepPrediction(folder, info, image.bands());
      return (await KeptPrediction.open(folder))!;
    },
    [Symbol.asyncDispose]: () => network[Symbol.asyncDispose](),
  };
}
