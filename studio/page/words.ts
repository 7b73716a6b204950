import type { ImageChoice } from "@unet/data";
import type { ImageState } from "../folder/image_states.ts";

/** What states are called. */
export const stateWords: Readonly<Record<ImageState | "all", string>> = {
  all: "All",
  none: "No mask",
  predicted: "Predicted",
  corrected: "Corrected",
  accepted: "Accepted",
};

/** A number of things, as in "1 image" and "2 images". */
export function count(number: number, thing: string): string {
  return `${number.toLocaleString("en")} ${thing}${number === 1 ? "" : "s"}`;
}

/** What a model is called: one that the folder trained, by its name alone. */
export function modelWords(model: string): string {
  return model.split(/[/\\]\.studio[/\\]runs[/\\]/).at(-1)!;
}

/** A time in words, as in "2 min". */
export function timeWords(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90
    ? `${minutes} min`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Which part of a file is read, as in "plane 3, channel DAPI". */
export function readingWords(
  { plane, time, channel, channels }: ImageChoice,
): string {
  const parts = [
    ...(plane === undefined ? [] : [`plane ${plane}`]),
    ...(time === undefined ? [] : [`time ${time}`]),
    ...(channel === undefined ? [] : [`channel ${channel}`]),
    ...(channels === undefined ? [] : [`channels ${channels.join(", ")}`]),
  ];
  return parts.length === 0
    ? "the first plane and the channels that the model was trained on"
    : parts.join(", ");
}
