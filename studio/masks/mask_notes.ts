import { count } from "@unet/errors";

/** What a person should know of how a mask was read. */
export const notes = {
  /** Of a mask without object numbers. */
  binary: "The mask was black and white: each connected part is an object now.",
  /** Of edits that the file did not hold. */
  replayed: (edits: number): string =>
    `The studio ended before the mask was written: ${
      count(edits, "edit")
    } came from its log.`,
} as const;
