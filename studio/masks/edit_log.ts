import { dirname } from "@std/path";
import { brief, cannot, FileError } from "@unet/errors";
import { describeSystemFault, infoOf, makeFolder } from "@unet/files";
import type { MaskMark } from "../folder/image_states.ts";
import {
  type HeldFile,
  lineOf,
  type LogLine,
  type NumberedLine,
} from "./edit_line.ts";

/** Labels that the mask's file may hold. */
export interface SavedLabels {
  /** All edits up to this one are in them. */
  readonly number: number;
  /** Their name. */
  readonly labels: string;
}

interface Place {
  readonly offset: number;
  readonly length: number;
}

/**
 * What was done to a mask, a line of JSON each, on the disk before anybody
 * hears that it is done. Lines are added and never changed; what an edit changed
 * stays on the disk and is read when it is taken back.
 */
export class EditLog {
  readonly #path: string;
  /** The places of lines that have a number, by number. */
  readonly #places = new Map<number, Place>();
  #bytes = 0;
  #number = 0;
  #undoable: number[] = [];
  #redoable: number[] = [];
  /** What the file held for certain, and what it may hold since. */
  #saved: SavedLabels | null = null;
  #saving: SavedLabels | null = null;
  /** What files held, by their size and time. */
  readonly #held = new Map<string, string>();
  #beganWithoutFile = false;

  private constructor(path: string) {
    this.#path = path;
  }

  /**
   * Reads a log.
   *
   * @param path The file, which need not be there.
   * @throws {FileError} If it cannot be read, or is no such log.
   */
  static async open(path: string): Promise<EditLog> {
    const log = new EditLog(path);
    await requireOwnFile(path);
    const bytes = await bytesOf(path);
    const decoder = new TextDecoder();
    for (let offset = 0; offset < bytes.length;) {
      const found = bytes.indexOf(0x0a, offset);
      const end = found < 0 ? bytes.length : found;
      const text = decoder.decode(bytes.subarray(offset, end));
      const line = lineOf(text);
      if (line) log.#take(line, { offset, length: end - offset });
      else if (line === null || text.trim() !== "" && isWhole(bytes, end)) {
        throw log.#damaged(`the line ${brief(text)}`, "an edit");
      }
      offset = end + 1;
    }
    log.#bytes = bytes.length;
    return log;
  }

  /** The file. */
  get path(): string {
    return this.#path;
  }

  /** The number of the last line that has one; 0 if there is none. */
  get number(): number {
    return this.#number;
  }

  /** The edit that is taken back next. */
  get undoable(): number | undefined {
    return this.#undoable.at(-1);
  }

  /** The edit that is made again next. */
  get redoable(): number | undefined {
    return this.#redoable.at(-1);
  }

  /** Which labels the mask's file may hold, if nobody else changed it. */
  get saved(): readonly SavedLabels[] {
    return [this.#saving, this.#saved].filter((each) => each !== null);
  }

  /** Whether edits began with no mask, and all are taken back. */
  get isWithoutFile(): boolean {
    return this.#beganWithoutFile && this.#undoable.length === 0;
  }

  /** What a file held; nothing where the log does not know it. */
  contentOf(file: MaskMark): string | undefined {
    return this.#held.get(wordOf(file));
  }

  /**
   * Adds a line, which is on the disk once this returns.
   *
   * @param line The line.
   * @throws {FileError} If it cannot be written.
   */
  async add(line: LogLine): Promise<void> {
    await requireOwnFile(this.#path);
    // A line that a kill cut off must not swallow this one.
    const bytes = new TextEncoder().encode(`\n${JSON.stringify(line)}\n`);
    try {
      await makeFolder(dirname(this.#path));
      using file = await Deno.open(this.#path, { append: true, create: true });
      for (let done = 0; done < bytes.length;) {
        done += await file.write(bytes.subarray(done));
      }
      await file.sync();
      this.#bytes = (await file.stat()).size;
    } catch (cause) {
      throw new FileError(
        cannot("write", "edits", this.#path, {
          found: describeSystemFault(cause),
        }),
        { cause },
      );
    }
    const length = bytes.length - 2;
    this.#take(line, { offset: this.#bytes - length - 1, length });
  }

  /**
   * Reads a line.
   *
   * @param number Its number.
   * @throws {FileError} If it is not there any more.
   */
  async read(number: number): Promise<NumberedLine> {
    const place = this.#places.get(number);
    const line = place && lineOf(await textAt(this.#path, place));
    if (line && "number" in line && line.number === number) return line;
    throw new FileError(
      cannot("read", "edits", this.#path, {
        found: `no line of number ${number}`,
        remedy: "move the file away to begin a new one; the mask stays",
      }),
    );
  }

  #take(line: LogLine, place: Place): void {
    if ("saving" in line) {
      this.#saving = { number: line.saving, labels: line.labels };
    } else if ("saved" in line) {
      if (this.#saving?.number === line.saved) this.#saved = this.#saving;
      this.#saving = null;
      this.#hold(line.file);
    } else this.#takeNumbered(line, place);
  }

  #takeNumbered(line: NumberedLine, place: Place): void {
    const { number } = line;
    if (number !== this.#number + 1) {
      throw this.#damaged(`${number} after ${this.#number}`, "no gap");
    }
    this.#number = number;
    this.#places.set(number, place);
    if ("taken" in line) {
      this.#undoable = [];
      this.#redoable = [];
      this.#hold(line.file);
      this.#beganWithoutFile = line.file === null;
      this.#saved = { number, labels: line.taken };
      this.#saving = null;
    } else if ("undo" in line) {
      if (this.#undoable.pop() !== line.undo) {
        throw this.#damaged(`line ${number} to undo ${line.undo}`, "the last");
      }
      this.#redoable.push(line.undo);
    } else if ("redo" in line) {
      if (this.#redoable.pop() !== line.redo) {
        throw this.#damaged(`line ${number} to redo ${line.redo}`, "the last");
      }
      this.#undoable.push(line.redo);
    } else {
      this.#undoable.push(number);
      this.#redoable = [];
    }
  }

  #hold(file: HeldFile | null | undefined): void {
    if (file) this.#held.set(wordOf(file), file.content);
  }

  #damaged(found: string, expected: string): FileError {
    return new FileError(
      cannot("read", "edits", this.#path, {
        ...{ found, expected },
        remedy: "move the file away to begin a new one; the mask stays",
      }),
    );
  }
}

function wordOf({ size, modified }: MaskMark): string {
  return `${size} ${modified}`;
}

/** A link or a pipe would have another file written. */
async function requireOwnFile(path: string): Promise<void> {
  const info = await infoOf(path, { ofLink: true });
  if (info === null || info.isFile) return;
  throw new FileError(
    cannot("open", "edits", path, {
      found: info.isSymlink ? "a link" : "what is no file",
      expected: "the studio's own file",
      remedy: "remove it, or move it elsewhere",
    }),
  );
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return new Uint8Array(0);
    throw new FileError(
      cannot("read", "edits", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}

async function textAt(
  path: string,
  { offset, length }: Place,
): Promise<string> {
  const bytes = new Uint8Array(length);
  try {
    using file = await Deno.open(path);
    await file.seek(offset, Deno.SeekMode.Start);
    for (let done = 0; done < length;) {
      const count = await file.read(bytes.subarray(done));
      if (count === null) break;
      done += count;
    }
  } catch (cause) {
    throw new FileError(
      cannot("read", "edits", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
  return new TextDecoder().decode(bytes);
}

/**
 * Whether a line was written to its end. The line break of one that a kill cut
 * off is the next line's own first character.
 */
function isWhole(bytes: Uint8Array, end: number): boolean {
  return end < bytes.length && (bytes[end + 1] ?? 0x0a) === 0x0a;
}
