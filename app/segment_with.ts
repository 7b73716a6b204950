import { basename } from "@std/path";
import type { ImageChoice } from "@unet/data";
import { cannot, UsageError } from "@unet/errors";
import {
  checkFormats,
  checkStack,
  findingOf,
  type ResultSettings,
  segment as segmentFiles,
  type SegmentReport,
} from "@unet/infer";
import { checkDiameter } from "@unet/infer/diameter-settings";
import { hashModel, type SavedModel } from "@unet/model";
import { type CardSettings, cardSettings } from "./models/card_settings.ts";
import { diameterOf } from "./models/diameter_of.ts";
import type { PlacedNetwork } from "./models/network_place.ts";
import { instancesOf, readingOf, thresholdOf } from "./models/reading_of.ts";
import { refuseOfObjects } from "./models/refuse_of_objects.ts";
import type { SegmentChoices, SegmentEvents } from "./segment_choices.ts";

/** What a model says of how it is used, whether it is open or not. */
export interface KnownModel {
  /** What its card says. */
  readonly card: CardSettings;
  /** What is found with it. */
  readonly finding: ReturnType<typeof findingOf>;
}

/** What is known of a model of this program. */
export function knownOf(saved: SavedModel): KnownModel {
  const { heads } = saved.plan.task;
  return { card: cardSettings(saved), finding: findingOf(heads) };
}

/** The size that images are brought to, by what a person and a card say. */
export interface SizeOfImages {
  readonly pixelSize?: number;
  readonly diameter?: NonNullable<ReturnType<typeof diameterOf>>;
}

/**
 * Makes sure that choices suit a model, and decides at which size it sees
 * images.
 *
 * @throws {UsageError} If they contradict the model or one another.
 */
export function sizeOfImages(
  choices: SegmentChoices,
  { card, finding }: KnownModel,
  onNote?: (line: string) => void,
): SizeOfImages {
  if (finding === "classes") refuseOfObjects(choices);
  checkFormats(choices.formats ?? [], finding);
  checkStack(stackOf(choices), finding);
  const pixelSize = pixelSizeOf(choices.pixelSize, card);
  const diameter = finding === "objects"
    ? diameterOf({ ...choices, pixelSize }, card, onNote)
    : undefined;
  checkDiameter(given({ diameter, pixelSize }), finding);
  return given({ pixelSize, diameter });
}

/** What a segmentation needs besides a person's choices. */
export interface Prepared extends KnownModel, SizeOfImages {
  readonly network: Pick<PlacedNetwork, "window" | "predict">;
  /** Names the network, for manifests. */
  readonly model: string;
  readonly events: SegmentEvents;
}

/** Segments with a network that is open. */
export async function segmentWith(
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
export function decisionOf(
  choices: SegmentChoices,
  card: CardSettings,
  onNote?: SegmentEvents["onNote"],
): Pick<ResultSettings, "threshold" | "instances"> {
  return {
    threshold: thresholdOf(choices.threshold, card, onNote),
    instances: instancesOf(choices, card),
  };
}

/** Which part of image files is read, all of a stack aside. */
export function oneReadingOf(
  { plane, time, ...others }: Omit<SegmentChoices, "model">,
  card: CardSettings,
  onNote?: SegmentEvents["onNote"],
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
export function given<Values extends Record<string, unknown>>(
  values: Values,
): { [Name in keyof Values]?: Exclude<Values[Name], undefined> } {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as { [Name in keyof Values]?: Exclude<Values[Name], undefined> };
}

/** Names weights and precision, for manifests. */
export async function nameOf(
  saved: SavedModel,
  precision: string = "float32",
): Promise<string> {
  const hash = await hashModel(saved);
  return precision === "float32" ? hash : `${hash} ${precision}`;
}

/** The pixel size that images are brought to, as a number. */
export function pixelSizeOf(
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
