import type { ImageLook } from "@unet/app/segmenter";
import type { ReadingNote, ReadingNoteKind } from "@unet/data";
import { RequestError } from "@unet/http";

/** What decides what a file leaves open, where a parameter does. */
const remedies: Partial<Readonly<Record<ReadingNoteKind, string>>> = {
  planes: "plane=N takes one, plane=max projects, plane=all takes each",
  times: "time=N takes one, time=all takes each",
  channels: "channel=N or NAME takes one",
  "page-channels": "plane=N takes one of them as a plane",
};

/**
 * Refuses an image that leaves open which part of it is meant: nobody would
 * read that one was taken.
 *
 * @param look The image.
 * @returns What is left open besides, which no parameter decides.
 * @throws {RequestError} With status 422.
 */
export function refuseOpen(
  { notes }: Pick<ImageLook, "notes">,
): ReadingNote[] {
  const open = notes.filter(({ kind }) => remedies[kind] !== undefined);
  if (open.length > 0) {
    const found = open.map(({ text }) => text).join(", ");
    const remedy = open.map(({ kind }) => remedies[kind]).join("; ");
    throw new RequestError(
      422,
      `Cannot segment image: found ${found}, expected a choice; ${remedy}`,
    );
  }
  return [...notes];
}
