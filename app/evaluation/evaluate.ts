import type { Fault, MaskOptions } from "@unet/data";
import type { Device } from "@unet/device";
import {
  cannot,
  count,
  DatasetError,
  type UnetError,
  UsageError,
} from "@unet/errors";
import { colorNormalizationOf, withFlips } from "@unet/infer";
import type { Head } from "@unet/task";
import type { Doubt } from "../doubt.ts";
import { checkDiameter } from "@unet/infer/diameter-settings";
import { cardSettings } from "../models/card_settings.ts";
import { diameterOf } from "../models/diameter_of.ts";
import { readNamedModel } from "../models/find_model.ts";
import { openNetwork } from "../models/open_network.ts";
import { instancesOf, readingOf, thresholdOf } from "../models/reading_of.ts";
import { givenOfObjects } from "../models/refuse_of_objects.ts";
import { windowOf } from "../models/window_of.ts";
import type { PredictChoices } from "../segment.ts";
import {
  type DataSource,
  describeData,
  ownIdOf,
} from "../settings/data_sources.ts";
import { instanceSettingNames } from "../settings/instance_limits.ts";
import type { ReadingSettings } from "../settings/reading_settings.ts";
import {
  checkRoles,
  type RoleChoices,
  type SearchName,
} from "./check_roles.ts";
import {
  type ClassImageScores,
  type ClassModelScores,
  evaluateClasses,
} from "./evaluate_classes.ts";
import {
  evaluateModel,
  type ImageScores,
  type ModelScores,
} from "./evaluate_model.ts";
import { missingSetting } from "./missing_setting.ts";
import { openScoredCases } from "./scored_cases.ts";
import { type ScoredData, scoredDataOf } from "./scored_data.ts";
import { trueObjectClasses } from "./true_object_classes.ts";
import { type WorstImage, WorstImages } from "./worst_images.ts";

/** A part of a run's split, or all images. */
export type Part = "all" | "train" | "validation" | "test";

/** Settings of an evaluation. */
export interface EvaluateChoices
  extends
    Omit<PredictChoices, "model">,
    RoleChoices,
    Partial<Pick<ReadingSettings, keyof MaskOptions | "objectClasses">> {
  /** The trained model; the best one of `run` where it is not given. */
  readonly model?: string;
  /**
   * The run whose split `part` uses; it also supplies the data where they are
   * not given.
   */
  readonly run?: string;
  /**
   * A folder or zip of images and masks, or several, which are scored together
   * and each apart.
   */
  readonly data?: string | readonly DataSource[];
  /** The images that are scored; all by default. */
  readonly part?: Part;
  /** Whether the threshold with the largest F1 is looked for. */
  readonly findThreshold?: boolean;
  /**
   * Whether settings of instances with the largest mean average precision are
   * looked for, at the threshold that is used; those that are given stay.
   */
  readonly findInstances?: boolean;
  /** How many images with the smallest F1 are listed. */
  readonly worst?: number;
  /** The folder for pictures of these images, or of the 10 worst. */
  readonly overlays?: string;
}

/** Events of an evaluation, and the signal that ends it. */
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

/** The result of an evaluation of objects. */
export interface ObjectReport {
  /** That the model finds objects. */
  readonly kind: "objects";
  /** The probability above which a pixel was object. */
  readonly threshold: number;
  /** The scores. */
  readonly scores: ModelScores;
  /** The worst images, the worst first, where they were asked for. */
  readonly worst: readonly WorstImage<ImageScores>[];
  /** Images that could not be read. */
  readonly faults: number;
}

/** The result of an evaluation of classes. */
export interface ClassReport {
  /** That the model gives each pixel one of several classes. */
  readonly kind: "classes";
  /** The scores. */
  readonly scores: ClassModelScores;
  /** The worst images, the worst first, where they were asked for. */
  readonly worst: readonly WorstImage<ClassImageScores>[];
  /** Images that could not be read. */
  readonly faults: number;
}

/** The result of an evaluation. */
export type EvaluateReport = ObjectReport | ClassReport;

/**
 * Scores a trained model on images with masks, as `unet evaluate` does: whole
 * images are segmented and compared with the ground truth.
 *
 * @param choices The model, the data, and what else is decided.
 * @param events What is reported, and what ends it.
 * @returns The scores, of objects or of classes by what the model learned.
 * @throws {UsageError} If choices contradict one another, or name no data.
 * @throws {DatasetError} If no image can be read, or nothing is labeled.
 * @throws {UnetError} If model, data or device cannot be opened.
 */
export async function evaluate(
  choices: EvaluateChoices,
  events: EvaluateEvents = {},
): Promise<EvaluateReport> {
  const { run, part = "all", overlays } = choices;
  const search = searchOf(choices);
  const say = (line: string): void => events.onNote?.(line);
  const name = choices.model ?? run;
  if (name === undefined) throw missingSetting("model");
  // What was chosen on the test images would flatter them.
  if (part === "test" && search) {
    throw new UsageError(
      cannot("use", "setting", search, {
        found: "`part test`, on which nothing is chosen",
        expected: "`part validation`",
      }),
    );
  }
  checkRoles({ ...choices, part, search });
  await using stack = new AsyncDisposableStack();
  const saved = await readNamedModel(name, say);
  const { heads } = saved.plan.task;
  const hasObjects = heads.some(({ name }) => name === "object");
  const named = heads.find(({ classes }) => classes);
  const head = hasObjects ? undefined : named;
  requireObjects(head, choices);
  const data = await scoredDataOf(choices, head?.classes ?? null, say);
  const { cases } = stack.use(
    await openScoredCases(data, { ...choices, part, run: run ?? name }, say),
  );
  const card = cardSettings(saved);
  const diameter = head ? undefined : diameterOf(choices, card, say);
  if (diameter) checkDiameter({ diameter }, "objects");
  const network = stack.use(await openNetwork(saved, choices));
  events.onDevice?.(network.device);
  const { views = 1 } = choices;
  let faults = 0, unlabeled = 0;
  const options = {
    predict: views === 1 ? network.predict : withFlips(network.predict, views),
    window: windowOf(network.model, network.device.name, choices),
    cases,
    ...(data.sources.length > 1 && {
      sourceOf: (id: string) => ownIdOf(data.among, id).source,
    }),
    ...(events.signal && { signal: events.signal }),
    onImage: (done: number, all: number) => events.onProgress?.(done, all),
    choice: readingOf(choices, card, say),
    masks: data.masks,
    onWarning: (fault: Fault) => events.onWarning?.(fault),
    onFault(error: UnetError) {
      events.onFault?.(error);
      faults++;
    },
    onUnlabeled: () => void unlabeled++,
  };
  const normalization = colorNormalizationOf(network.predict);
  const listed = choices.worst ?? (overlays === undefined ? 0 : 10);
  if (head?.classes) {
    const worst = new WorstImages<ClassImageScores>(listed, head.classes);
    const scores = await evaluateClasses({
      ...options,
      ...{ head: head.name, classes: head.classes },
      onScored: (image) => worst.add(image),
    });
    requireImages(scores, { data, unlabeled, say });
    const images = await worst.list(overlays, normalization);
    return { kind: "classes", scores, worst: images, faults };
  }
  const threshold = thresholdOf(choices.threshold, card, say);
  const worst = new WorstImages<ImageScores>(listed);
  const kinds = named?.classes && choices.objectClasses?.length !== 0
    ? await trueObjectClasses(data, {
      ids: cases.map(({ id }) => id),
      ...{ classes: named.classes, say },
    })
    : undefined;
  const scores = await evaluateModel({
    ...options,
    ...(kinds && {
      masks: { ...data.masks, objectClasses: kinds },
      objectClasses: kinds.names,
    }),
    ...{ threshold, instances: instancesOf(choices, card) },
    findThreshold: choices.findThreshold ?? false,
    ...(choices.findInstances && {
      findInstances: instanceSettingNames.filter((name) =>
        (choices[name] ?? null) === null
      ),
    }),
    ...(diameter && { diameter }),
    onScored: (image) => worst.add(image),
  });
  requireImages(scores, { data, unlabeled, say });
  const images = await worst.list(overlays, normalization);
  return { kind: "objects", threshold, scores, worst: images, faults };
}

/** The search for settings that was asked for, if any. */
function searchOf(
  { findThreshold, findInstances }: EvaluateChoices,
): SearchName | undefined {
  if (findThreshold) return "findThreshold";
  return findInstances ? "findInstances" : undefined;
}

/** What decides about objects says nothing of classes. */
function requireObjects(
  head: Head | undefined,
  choices: EvaluateChoices,
): void {
  if (!head) return;
  const given = givenOfObjects(choices) ?? searchOf(choices);
  if (given === undefined) return;
  throw new UsageError(cannot("use", "setting", given, {
    found: `a network of the classes ${head.classes!.join(", ")}`,
    expected: "one that finds objects",
  }));
}

/** Refuses scores of no image; says what has nothing to score. */
function requireImages(
  { images, sources }: Pick<
    ModelScores | ClassModelScores,
    "images" | "sources"
  >,
  { data, unlabeled, say }: {
    readonly data: ScoredData;
    readonly unlabeled: number;
    readonly say: (line: string) => void;
  },
): void {
  if (images > 0) {
    if (unlabeled > 0) {
      say(`${count(unlabeled, "image")} without any label left out`);
    }
    for (const { name } of sources ? data.sources : []) {
      if (Object.hasOwn(sources!, name)) continue;
      say(`No image of data set "${name}" is scored`);
    }
    return;
  }
  throw new DatasetError(
    cannot("evaluate", "dataset", describeData(data.sources), {
      ...(unlabeled > 0
        ? {
          found: `nothing labeled in ${count(unlabeled, "image")}`,
          expected: "masks with labels",
          remedy: "`ignore` names the numbers that mean unlabeled",
        }
        : { found: "no image that can be read", expected: "at least one" }),
    }),
  );
}
