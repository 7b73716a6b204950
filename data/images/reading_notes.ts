import type { ImageChoice, ReadingNote } from "./image_choice.ts";

/** What the numbers of EXIF ask a viewer to do. */
const turns: readonly string[] = [
  ...["", "", "mirrored", "upside down", "mirrored upside down"],
  ...["mirrored and on its side", "on its side", "mirrored and on its side"],
  "on its side",
];

/** The note on an image that viewers turn; none where it is upright. */
export function orientationNote(orientation: number): ReadingNote[] {
  const turn = turns[orientation] ?? "";
  if (turn === "") return [];
  return [{
    kind: "orientation",
    text: `an orientation tag (${orientation}, stored ${turn}): ` +
      "read as stored, not as viewers turn it",
  }];
}

/** The notes on planes and time points of which nobody chose one. */
export function partNotes(
  found: { readonly planes: number; readonly times: number },
  taken: { readonly plane: number; readonly time: number },
  choice: ImageChoice,
): ReadingNote[] {
  const notes: ReadingNote[] = [];
  if (found.planes > 1 && choice.plane === undefined) {
    const text = `${found.planes} planes: plane ${taken.plane} taken`;
    notes.push({ kind: "planes", text });
  }
  if (found.times > 1 && choice.time === undefined) {
    const text = `${found.times} time points: time ${taken.time} taken`;
    notes.push({ kind: "times", text });
  }
  return notes;
}
