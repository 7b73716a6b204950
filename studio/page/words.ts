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
