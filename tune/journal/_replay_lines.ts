import { cannot, FileError } from "@unet/errors";
import { checkJson } from "@unet/files";
import { parsePythonJson } from "./_python_json.ts";
import { readOperation } from "./_read_operation.ts";
import type { Outcome, Replay } from "./_replay.ts";

const newline = 10;

/** Optuna's longest lines hold some attributes; longer ones fill the memory. */
const longestLine = 2 ** 24;

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
 * is skipped as long as it is the last one. Optuna does the same.
 *
 * @param chunks The bytes, cut anywhere.
 * @param replay Carries out the lines.
 * @param cursor How many were carried out already; moved forward, up to a fault.
 * @param worker Whose lines to report.
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
  const refuse = (cause: unknown, found: string): FileError =>
    new FileError(
      cannot("read", "journal", cursor.path, {
        found: `${found} in line ${cursor.lines + 1}`,
      }),
      { cause },
    );
  for (const piece of splitLines(chunks)) {
    if (broken) throw broken;
    if (piece.length > longestLine) {
      throw refuse(undefined, `more than ${longestLine} bytes`);
    }
    try {
      const line = parseLine(piece);
      if ("fault" in line) {
        broken = refuse(line.fault, "no JSON");
        continue;
      }
      const { worker: writer, action } = readOperation(line.json);
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

/**
 * The JSON of a line, or why it is not JSON.
 *
 * @throws {SyntaxError} If it holds more than any writer's line.
 */
function parseLine(piece: Uint8Array): { json: unknown } | { fault: unknown } {
  let text: string;
  try {
    text = decoder.decode(piece);
  } catch (fault) {
    return { fault };
  }
  checkJson(text);
  try {
    return { json: parsePythonJson(text) };
  } catch (fault) {
    return { fault };
  }
}

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
    // Whoever reads the lines refuses it.
    if (begun.length > longestLine) return yield begun;
  }
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
