import { join } from "@std/path";
import {
  type Case,
  type MaskOptions,
  maskReadings,
  openDataset,
} from "@unet/data";
import type { Device } from "@unet/device";
import {
  brief,
  cannot,
  count,
  DatasetError,
  TrainingError,
  type UnetError,
  UsageError,
} from "@unet/errors";
import { withFlips } from "@unet/infer";
import { openRun } from "@unet/train";
import type { Doubt } from "../doubt.ts";
import { cardSettings } from "../models/card_settings.ts";
import { readNamedModel } from "../models/find_model.ts";
import { openNetwork } from "../models/open_network.ts";
import { instancesOf, readingOf, thresholdOf } from "../models/reading_of.ts";
import { windowOf } from "../models/window_of.ts";
import type { PredictChoices } from "../segment.ts";
import { isBackground, readingSettings } from "../settings/reading_settings.ts";
import { defaultsOf } from "../settings/setting.ts";
import { evaluateModel, type ModelScores } from "./evaluate_model.ts";
import { type WorstImage, WorstImages } from "./worst_images.ts";

/** A part of a run's split, or all images. */
export type Part = "all" | "train" | "validation" | "test";

/** What a person decides of an evaluation. */
export interface EvaluateChoices
  extends Omit<PredictChoices, "model">, MaskOptions {
  /** The trained model; the best one of `run` where it is not given. */
  readonly model?: string;
  /**
   * The run whose split `part` uses; it also supplies the data where they are
   * not given.
   */
  readonly run?: string;
  /** A folder or zip of images and masks. */
  readonly data?: string;
  /** The images that are scored; all by default. */
  readonly part?: Part;
  /** Whether the threshold with the largest F1 is looked for. */
  readonly findThreshold?: boolean;
  /** How many images with the smallest F1 are listed. */
  readonly worst?: number;
  /** The folder for pictures of these images, or of the 10 worst. */
  readonly overlays?: string;
}

/** What an evaluation reports, and what ends it. */
export interface EvaluateEvents {
  /** The device was opened. */
  onDevice?(device: Device): void;
  /** A line about what the model's card, or the run, decided. */
  onNote?(line: string): void;
  /** An image leaves something open. */
  onWarning?(doubt: Doubt): void;
  /** An image could not be read, and is left out. */
  onFault?(error: UnetError): void;
  /** Images that were scored. */
  onProgress?(done: number, all: number): void;
  /** When aborted, scoring ends between two windows. */
  readonly signal?: AbortSignal;
}

/** What an evaluation found. */
export interface EvaluateReport {
  /** The probability above which a pixel was object. */
  readonly threshold: number;
  /** The scores. */
  readonly scores: ModelScores;
  /** The worst images, the worst first, where they were asked for. */
  readonly worst: readonly WorstImage[];
  /** Images that could not be read. */
  readonly faults: number;
}

/**
 * Scores a trained model on images with masks, as `unet evaluate` does: whole
 * images are segmented and compared with the ground truth.
 *
 * @param choices The model, the data, and what else is decided.
 * @param events What is reported, and what ends it.
 * @returns The scores.
 * @throws {UsageError} If choices contradict one another, or name no data.
 * @throws {DatasetError} If no image can be read.
 * @throws {UnetError} If model, data or device cannot be opened.
 */
export async function evaluate(
  choices: EvaluateChoices,
  events: EvaluateEvents = {},
): Promise<EvaluateReport> {
  const { run, part = "all", findThreshold = false, overlays } = choices;
  const say = (line: string): void => events.onNote?.(line);
  const name = choices.model ?? run;
  if (name === undefined) throw missing("model");
  // A threshold that was chosen on the test images would flatter them.
  if (part === "test" && findThreshold) {
    throw new UsageError(
      cannot("use", "setting", "findThreshold", {
        found: "`part test`, on which nothing is chosen",
        expected: "`part validation`",
      }),
    );
  }
  await using stack = new AsyncDisposableStack();
  const data = await scoredDataOf(choices, say);
  const dataset = await openDataset(data.path);
  stack.defer(() => dataset.close());
  const cases = await casesOf(part, run ?? name, dataset.cases);
  const saved = await readNamedModel(name, say);
  const card = cardSettings(saved);
  const network = stack.use(await openNetwork(saved, choices));
  events.onDevice?.(network.device);
  const threshold = thresholdOf(choices.threshold, card, say);
  const { views = 1 } = choices;
  const worst = new WorstImages(
    choices.worst ?? (overlays === undefined ? 0 : 10),
  );
  let faults = 0;
  const scores = await evaluateModel({
    predict: views === 1 ? network.predict : withFlips(network.predict, views),
    window: windowOf(network.model, network.device.name, choices),
    cases,
    threshold,
    instances: instancesOf(choices, card),
    findThreshold,
    ...(events.signal && { signal: events.signal }),
    onImage: (done, all) => events.onProgress?.(done, all),
    onScored: (image) => worst.add(image),
    choice: readingOf(choices, card.choice, say),
    masks: data.masks,
    onWarning: (fault) => events.onWarning?.(fault),
    onFault(error) {
      events.onFault?.(error);
      faults++;
    },
  });
  if (scores.images === 0) {
    throw new DatasetError(
      cannot("evaluate", "dataset", dataset.path, {
        found: "no image that can be read",
        expected: "at least one",
      }),
    );
  }
  return { threshold, scores, worst: await worst.list(overlays), faults };
}

async function casesOf(
  part: Part,
  run: string,
  all: readonly Case[],
): Promise<readonly Case[]> {
  const ids = part === "all" ? null : new Set((await openRun(run)).split[part]);
  const cases = all.filter(({ id }) => ids?.has(id) ?? true);
  const expected = ids?.size ?? cases.length;
  if (cases.length > 0 && cases.length === expected) return cases;
  throw new UsageError(
    cannot("evaluate", "part", part, {
      found: `${count(cases.length, "image")} of it in the data`,
      expected: expected === 0 ? "at least one" : String(expected),
      remedy: "name the data that the run was trained on",
    }),
  );
}

/** What a network is scored on. */
interface ScoredData {
  /** The folder or zip. */
  readonly path: string;
  /** What the numbers of its masks mean. */
  readonly masks: MaskOptions;
}

/**
 * The data that choices name, or else those that the run was trained on; masks
 * of a run's own data are read as it read them, unless choices say how.
 */
async function scoredDataOf(
  { run: named, part = "all", model, data, mask, background }: EvaluateChoices,
  say: (line: string) => void,
): Promise<ScoredData> {
  const isPart = part !== "all";
  const run = named ?? (isPart ? model : undefined);
  const asked = {
    ...(mask !== undefined && { mask }),
    ...(background !== undefined && { background }),
  };
  if (run === undefined || !isPart && data !== undefined) {
    if (data === undefined) throw missing("data");
    return { path: data, masks: asked };
  }
  const config = (await openRun(run)).config as {
    readonly settings?: Record<string, unknown>;
  };
  const settings = config.settings ?? {};
  // A run on drawn images names no data.
  const path = data ??
    (named !== undefined && typeof settings.data === "string"
      ? settings.data
      : undefined);
  if (path === undefined) throw missing("data");
  const kept = masksOf(settings, join(run, "config.json"));
  const usual: Record<string, unknown> = defaultsOf(readingSettings);
  const taken = Object.entries(kept).filter(([name, value]) =>
    !Object.hasOwn(asked, name) && String(value) !== String(usual[name])
  );
  if (taken.length > 0) {
    const said = taken.map(([name, value]) => `\`${name} ${value}\``);
    say(`Reading masks as the run did: ${said.join(" ")}`);
  }
  return { path, masks: { ...Object.fromEntries(taken), ...asked } };
}

/** How a run read masks; runs of earlier versions do not say. */
function masksOf(
  { mask, background }: Record<string, unknown>,
  path: string,
): MaskOptions {
  const bad = (name: string, value: unknown) =>
    new TrainingError(cannot("evaluate by", "run's settings", path, {
      found: `"${name}" with ${brief(JSON.stringify(value) ?? "no value")}`,
      expected: "what train wrote",
    }));
  const reading = maskReadings.find((one) => one === mask);
  if (mask !== undefined && !reading) throw bad("mask", mask);
  const isList = Array.isArray(background) && background.length > 0 &&
    background.every(isBackground);
  if (background !== undefined && !isList) throw bad("background", background);
  return {
    ...(reading && { mask: reading }),
    ...(isList && { background }),
  };
}

function missing(name: "model" | "data"): UsageError {
  return new UsageError(
    cannot("use", "setting", name, {
      found: "nothing",
      expected: name === "model"
        ? "a trained model"
        : "a folder or zip of images and masks",
    }),
  );
}
