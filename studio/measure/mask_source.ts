import type { ViewChoice } from "@unet/app/view";
import type { ImageChoice } from "@unet/data";
import { RequestError } from "@unet/http";
import {
  classPlaceOf,
  type FoundClasses,
  readClasses,
} from "../folder/class_table.ts";
import { shortName } from "../short_name.ts";
import type { StudioRoom } from "../studio_room.ts";

/** Where a mask comes from. */
export interface MaskSource {
  /** What a person made of it. */
  readonly state: "predicted" | "corrected" | "accepted";
  /** The same in words, with the model that predicted it. */
  readonly words: string;
}

/** A mask, and what is known of its objects besides their pixels. */
export interface SourcedMask extends FoundClasses {
  /** Where it comes from. */
  readonly source: MaskSource;
  /** The plane and time point of which it is a mask. */
  readonly choice: ViewChoice;
  /** Where a prediction of its image is kept, or null. */
  readonly kept: string | null;
  /** The threshold by which it was found; null if a person changed it. */
  readonly threshold: number | null;
}

/**
 * Where an image's mask comes from, and what is known of its objects.
 *
 * @param room The studio.
 * @param name The image.
 * @throws {RequestError} If there is no such image, or no mask of it (404).
 * @throws {UnetError} If its classes or its prediction cannot be read.
 */
export async function sourceOfMask(
  { folder, images, masks, views }: Pick<
    StudioRoom,
    "folder" | "images" | "masks" | "views"
  >,
  name: string,
): Promise<SourcedMask> {
  await images.pathOf(name);
  const edited = await masks.find(name);
  const found = (await images.describe(name)).state;
  // Its file follows what is in memory.
  const state = edited?.isSaved === false ? "corrected" : found;
  if (state === "none") {
    throw new RequestError(
      404,
      `Cannot measure image ${
        JSON.stringify(name)
      }: found no mask; predict it, or draw its objects`,
    );
  }
  const noted = images.states.note(name);
  const note = state === "corrected" ? undefined : noted;
  const choice = choiceOf(noted?.reading);
  const kept = await views.prediction(name);
  // What another model predicted says nothing of this mask.
  const isOwn = kept !== null &&
    (note?.model === undefined || note.model === kept.info.model);
  return {
    source: { state, words: wordsOf(state, note?.model) + partOf(choice) },
    choice,
    kept: isOwn ? await views.predictionOf(name) : null,
    threshold: note?.settings?.threshold ?? null,
    ...(edited?.foundClasses ??
      await readClasses(classPlaceOf(folder.root, name))),
  };
}

function wordsOf(
  state: MaskSource["state"],
  model: string | undefined,
): string {
  if (model === undefined) return state;
  const name = shortName(model);
  return state === "predicted"
    ? `predicted by ${name}`
    : `${state} as predicted by ${name}`;
}

/** The plane and time point of what a network read. */
function choiceOf({ plane, time }: ImageChoice = {}): ViewChoice {
  return {
    ...(typeof plane === "number" && { plane }),
    ...(time !== undefined && { time }),
  };
}

/** As in " (plane 3)". */
function partOf({ plane, time }: ViewChoice): string {
  const parts = [
    ...(plane === undefined ? [] : [`plane ${plane}`]),
    ...(time === undefined ? [] : [`time ${time}`]),
  ];
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}
