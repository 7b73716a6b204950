/**
 * What a person should look at, as data.
 *
 * @module
 */
import type { MaskOptions, ReadingNoteKind } from "@unet/data";

/** A doubt about an image: a warning about its case, or how it was read. */
export interface Doubt {
  /** What it is about. */
  readonly kind: string;
  /** The file or case, what was found and what was done, in one line. */
  readonly message: string;
  /** How masks could be read instead, where that decides it. */
  readonly suggestion?: MaskOptions;
}

const readingKinds: Readonly<Record<ReadingNoteKind, true>> = {
  planes: true,
  times: true,
  channels: true,
  images: true,
  pages: true,
  "page-channels": true,
  bounds: true,
  icc: true,
  orientation: true,
};

/** Whether a doubt is about the image, not about its masks. */
export function isAboutReading({ kind }: Doubt): boolean {
  return Object.hasOwn(readingKinds, kind);
}
