/**
 * Segments images with a trained model.
 *
 * @module
 */
import { basename } from "@std/path";
import type { ImageChoice } from "@unet/data";
import type { DeviceFacts } from "@unet/device";
import { cannot, UsageError } from "@unet/errors";
import {
  checkFormats,
  checkStack,
  findingOf,
  type ResultSettings,
  segment as segmentFiles,
  type SegmentOptions,
  type SegmentReport,
  type SourceOptions,
} from "@unet/infer";
import { hashModel, type SavedModel } from "@unet/model";
import { checkDiameter } from "@unet/infer/diameter-settings";
import { type CardSettings, cardSettings } from "./models/card_settings.ts";
import { diameterOf } from "./models/diameter_of.ts";
import { readNamedModel } from "./models/find_model.ts";
import type { PlacedNetwork } from "./models/network_place.ts";
import { placeOfNetwork } from "./models/place_of_network.ts";
import { refuseOfObjects } from "./models/refuse_of_objects.ts";
import {
  type ForeignNetwork,
  openForeignNetwork,
} from "./packages/foreign_network.ts";
import {
  type InstanceChoices,
  instancesOf,
  noteBrightness,
  type ReadingChoices,
  readingOf,
  thresholdOf,
} from "./models/reading_of.ts";
import type { DiameterChoices } from "./settings/diameter_settings.ts";
import type { StackSettings } from "./settings/stack_settings.ts";
import type {
  DecisionSettings,
  InferenceSettings,
  WindowSettings,
} from "./settings/predict_settings.ts";

export type { InstanceChoices } from "./models/reading_of.ts";

/** What decides how a trained network sees images and what it finds there. */
export interface PredictChoices
  extends
    ReadingChoices,
    InstanceChoices,
    Partial<DecisionSettings & InferenceSettings & WindowSettings>,
    Partial<DiameterChoices> {
  /** A run folder (its best model), a model file, or a published model. */
  readonly model: string;
}

/** What a person decides of a segmentation. */
export interface SegmentChoices
  extends
    Omit<PredictChoices, "plane" | "time">,
    Partial<Pick<StackSettings, "plane" | "time" | "link">>,
    Pick<
      SegmentOptions,
      | "out"
      | "formats"
      | "customFormats"
      | "intoLabels"
      | "pyramid"
      | "summary"
      | "force"
      | "resume"
      | "shard"
      | "maxPixels"
      | "command"
    >,
    Pick<SourceOptions, "imagePixelSize" | "cropBorders"> {
  /** The pixel size in µm that images are rescaled to; "model" for the card's. */
  readonly pixelSize?: number | "model";
  /**
   * What each channel of the output of another program's package is: object,
   * border or none; by default what the channels are called.
   */
  readonly outputMeaning?: readonly string[];
}

/** What a segmentation reports, and what ends it. */
export interface SegmentEvents
  extends
    Pick<SegmentOptions, "onFile" | "onProgress" | "onUnlocked" | "signal"> {
  /** The device was opened. */
  readonly onDevice?: (device: DeviceFacts) => void;
  /** A line about what the model's card decided. */
  readonly onNote?: (line: string) => void;
}

/**
 * Segments images with a trained model, as `unet segment` does: the model's
 * card decides threshold, instances and reading where a person does not. A
 * model of classes has no threshold and no instances.
 *
 * @param inputs Image files, folders of images, or patterns.
 * @param choices The model, the output folder, and what else is decided.
 * @param events What is reported, and what ends it.
 * @returns What became of each image.
 * @throws {UnetError} If the model, the device or an input cannot be opened, or
 * choices contradict one another.
 */
export async function segment(
  inputs: readonly string[],
  choices: SegmentChoices,
  events: SegmentEvents = {},
): Promise<SegmentReport> {
  const foreign = await openForeignNetwork(
    choices.model,
    choices.outputMeaning,
  );
  if (foreign) {
    await using network = foreign;
    return await segmentWithPackage(inputs, choices, { network, events });
  }
  if (choices.outputMeaning !== undefined) {
    throw new UsageError(cannot("use", "setting", "outputMeaning", {
      found: "a model of this program, which knows its heads",
      expected: "it only with packages from other programs",
    }));
  }
  const { onDevice, onNote } = events;
  await using place = await placeOfNetwork(choices);
  const saved = await readNamedModel(choices.model, (line) => onNote?.(line));
  const card = cardSettings(saved);
  const finding = findingOf(saved.plan.task.heads);
  if (finding === "classes") refuseOfObjects(choices);
  checkFormats(choices.formats ?? [], finding);
  checkStack(stackOf(choices), finding);
  const { precision = "float32" } = choices;
  const model = await nameOf(saved, precision);
  const pixelSize = pixelSizeOf(choices.pixelSize, card);
  const diameter = finding === "objects"
    ? diameterOf({ ...choices, pixelSize }, card, onNote)
    : undefined;
  checkDiameter(given({ diameter, pixelSize }), finding);
  noteBrightness(saved.plan.task.input, onNote);
  const network = await place.open(saved, choices);
  onDevice?.(network.device);
  return await segmentWith(inputs, choices, {
    ...{ network, card, finding, model, events },
    ...given({ pixelSize, diameter }),
  });
}

/** What a segmentation needs besides a person's choices. */
interface Prepared {
  readonly network: Pick<PlacedNetwork, "window" | "predict">;
  readonly card: CardSettings;
  readonly finding: ReturnType<typeof findingOf>;
  /** Names the network, for manifests. */
  readonly model: string;
  readonly events: SegmentEvents;
  readonly pixelSize?: number;
  readonly diameter?: NonNullable<ReturnType<typeof diameterOf>>;
}

/** Segments with another program's network, which has no card of ours. */
async function segmentWithPackage(
  inputs: readonly string[],
  choices: SegmentChoices,
  { network, events }: Pick<Prepared, "events"> & {
    readonly network: ForeignNetwork;
  },
): Promise<SegmentReport> {
  const card: CardSettings = {
    instances: {},
    ...(choices.channels && { channels: choices.channels.map(String) }),
  };
  const { onNote } = events;
  refuseOfPackages(choices);
  const pixelSize = pixelSizeOf(choices.pixelSize, card);
  const diameter = diameterOf({ ...choices, pixelSize }, card, onNote);
  onNote?.("Network: another program's, computed by ONNX Runtime");
  return await segmentWith(inputs, choices, {
    ...{ network, card, finding: "objects", model: network.hash, events },
    ...given({ pixelSize, diameter }),
  });
}

/** Refuses what other programs' networks have no use for. */
function refuseOfPackages(choices: SegmentChoices): void {
  const { device, precision, window, overlap, context } = choices;
  const set = {
    ...(device !== "auto" && { device }),
    ...(precision !== "float32" && { precision }),
    ...(overlap !== 0 && { overlap }),
    ...(context !== "neighbors" && { context }),
    ...(window !== null && { window }),
  };
  const found = Object.entries(set).find(([, value]) => value !== undefined);
  if (found === undefined) return;
  throw new UsageError(cannot("use", "setting", found[0], {
    found: `${found[1]}, with another program's package`,
    expected: "none: ONNX Runtime computes it, in windows that it describes",
  }));
}

/** Segments with a network that is open. */
async function segmentWith(
  inputs: readonly string[],
  choices: SegmentChoices,
  { network, card, finding, model, events, pixelSize, diameter }: Prepared,
): Promise<SegmentReport> {
  const { onDevice: _, onNote, ...others } = events;
  const { out, formats, pyramid, summary, force, resume, shard } = choices;
  const { customFormats, intoLabels, maxPixels, command, views } = choices;
  const { imagePixelSize, cropBorders } = choices;
  return await segmentFiles([...inputs], {
    out,
    ...given({ formats, pyramid, summary, force, resume, shard }),
    ...given({ customFormats, intoLabels, maxPixels, command }),
    settings: {
      ...network.window,
      ...oneReadingOf(choices, card, onNote),
      ...stackOf(choices).settings,
      ...given({ views, pixelSize, imagePixelSize, cropBorders, diameter }),
      ...(finding === "objects" && decisionOf(choices, card, onNote)),
    },
    predict: network.predict,
    model,
    modelName: basename(choices.model),
    ...(onNote && { onNote }),
    ...others,
  });
}

/** What counts as an object, and how objects are separated. */
function decisionOf(
  choices: SegmentChoices,
  card: CardSettings,
  onNote: SegmentEvents["onNote"],
): Pick<ResultSettings, "threshold" | "instances"> {
  return {
    threshold: thresholdOf(choices.threshold, card, onNote),
    instances: instancesOf(choices, card),
  };
}

/** Which part of image files is read, all of a stack aside. */
function oneReadingOf(
  { plane, time, ...others }: SegmentChoices,
  card: CardSettings,
  onNote: SegmentEvents["onNote"],
): ImageChoice {
  // All of them is a decision against the one of the card.
  return readingOf(
    {
      ...others,
      ...(plane !== undefined && { plane: plane === "all" ? null : plane }),
      ...(time !== undefined && { time: time === "all" ? null : time }),
    },
    card,
    onNote,
  );
}

/** All planes or times of image files, and what links them. */
function stackOf(choices: SegmentChoices) {
  const { formats, customFormats, plane, time, link } = choices;
  return {
    ...given({ formats, customFormats }),
    settings: {
      ...(plane === "all" && { plane }),
      ...(time === "all" && { time }),
      ...(typeof link === "number" && { link }),
    },
  };
}

/** The entries that have a value. */
function given<Values extends Record<string, unknown>>(
  values: Values,
): { [Name in keyof Values]?: Exclude<Values[Name], undefined> } {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as { [Name in keyof Values]?: Exclude<Values[Name], undefined> };
}

/** Names weights and precision, for manifests. */
async function nameOf(saved: SavedModel, precision: string): Promise<string> {
  const hash = await hashModel(saved);
  return precision === "float32" ? hash : `${hash} ${precision}`;
}

function pixelSizeOf(
  wanted: number | "model" | undefined,
  { pixelSize }: CardSettings,
): number | undefined {
  if (wanted !== "model") return wanted;
  if (pixelSize !== undefined) return pixelSize;
  throw new UsageError(
    cannot("use", "setting", "pixelSize", {
      found: "a network whose card names none",
      expected: "µm per pixel, such as 0.5, or model",
      remedy: "give a number",
    }),
  );
}
