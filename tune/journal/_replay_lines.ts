import { cannot, FileError } from "@unet/errors";
import { parsePythonJson } from "./_python_json.ts";
import { readOperation } from "./_read_operation.ts";
import type { Outcome, Replay } from "./_replay.ts";

const newline = 10;

/** How far a journal was read. */
export interface Cursor {
  /** The file, for messages. */
  readonly path: string;
  /** Lines that were done or skipped. */
  lines: number;
  /** Their bytes. */
  bytes: number;
}

/** The begin of a journal. */
export function newCursor(path: string): Cursor {
  return { path, lines: 0, bytes: 0 };
}

/** What reading on in a journal came to. */
export interface Progress {
  /** What became of the last line of this worker among them. */
  readonly own: Outcome | null;
  /** Whether the last line has an end and yet says nothing. */
  readonly isBroken: boolean;
}

/**
 * Does what the complete lines of a journal say. What follows the last line's
 * end is being written, or was when its writer died; a line that is no JSON
 * is let pass as long as it is the last one. Optuna does the same.
 *
 * @param chunks The bytes, cut anywhere.
 * @param replay Where the lines are done.
 * @param cursor How far they were done before; moved on, up to a fault.
 * @param worker Whose lines to tell of.
 * @throws {FileError} If a line is none of a journal's.
 */
export function replayLines(
  chunks: Iterable<Uint8Array>,
  replay: Replay,
  cursor: Cursor,
  worker: string | null = null,
): Progress {
  let own: Outcome | null = null;
  let broken: FileError | null = null;
  for (const piece of splitLines(chunks)) {
    if (broken) throw broken;
    const refuse = (cause: unknown, found: string): FileError =>
      new FileError(
        cannot("read", "journal", cursor.path, {
          found: `${found} in line ${cursor.lines + 1}`,
        }),
        { cause },
      );
    let json: unknown;
    try {
      json = parsePythonJson(decoder.decode(piece));
    } catch (cause) {
      broken = refuse(cause, "no JSON");
      continue;
    }
    try {
      const { worker: writer, action } = readOperation(json);
      const outcome = replay.apply(action);
      if (writer === worker) own = outcome;
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) throw cause;
      throw refuse(cause, cause.message);
    }
    cursor.lines++;
    cursor.bytes += piece.length + 1;
  }
  return { own, isBroken: broken !== null };
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/** The lines that have an end, without it. */
function* splitLines(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  let begun: Uint8Array = new Uint8Array(0);
  for (const chunk of chunks) {
    const bytes = begun.length === 0 ? chunk : join(begun, chunk);
    // No newline is in what was begun.
    let start = 0, from = begun.length;
    for (;;) {
      const end = bytes.indexOf(newline, from);
      if (end < 0) break;
      yield bytes.subarray(start, end);
      start = from = end + 1;
    }
    begun = bytes.slice(start);
  }
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
