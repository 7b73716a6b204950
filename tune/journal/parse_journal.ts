import type { Study } from "../study.ts";
import { Replay } from "./_replay.ts";
import { newCursor, replayLines } from "./_replay_lines.ts";

/**
 * Reads the studies of a journal from its content. What follows the end of the
 * last line is left out, for somebody may be writing it.
 *
 * @param content The lines of the file, each with its end.
 * @param name What messages call it.
 * @returns The studies that are not deleted, in the order of their making.
 * @throws {FileError} If a line is none of a journal's, with its number.
 *
 * @example
 * ```ts
 * import { parseJournal } from "@unet/tune/journal";
 * import { assertEquals } from "@std/assert";
 *
 * const [study] = parseJournal(
 *   '{"op_code":0,"worker_id":"a-1","study_name":"rate","directions":[2]}\n',
 * );
 * assertEquals([study?.name, study?.directions], ["rate", ["maximize"]]);
 * ```
 */
export function parseJournal(
  content: string | Uint8Array,
  name = "journal",
): readonly Study[] {
  const bytes = typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
  const replay = new Replay();
  replayLines([bytes], replay, newCursor(name));
  return replay.studies;
}
