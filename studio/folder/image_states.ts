import { join } from "@std/path";
import type { ObjectSettings } from "@unet/app/object-options";
import type { ImageChoice } from "@unet/data";
import { cannot, FileError } from "@unet/errors";
import { describeSystemFault, infoOf } from "@unet/files";
import { jsonOf } from "./json_of.ts";

/** What a person has made of an image so far. */
export type ImageState = "none" | "predicted" | "corrected" | "accepted";

/** How a mask's file was when it was noted. */
export interface MaskMark {
  /** Its bytes. */
  readonly size: number;
  /** When it was changed, in milliseconds since 1970. */
  readonly modified: number;
}

/** What is noted of a mask. */
export interface Note {
  /** The image, as a path from the studio's folder. */
  readonly image: string;
  /** What it is. */
  readonly state: Exclude<ImageState, "none">;
  /** The mask's file then. */
  readonly mask: MaskMark;
  /** The model that predicted it, if one did. */
  readonly model?: string;
  /** Which part of the image's file it saw; empty for the file's first. */
  readonly reading?: ImageChoice;
  /** How many objects were found. */
  readonly objects?: number;
  /** How unsure the network was of it: bits per pixel, 0…1. */
  readonly doubt?: number;
  /** What was an object then. */
  readonly settings?: ObjectSettings;
}

/** How many objects a mask has that a person edited. */
export type ObjectCount = Required<Pick<Note, "image" | "mask" | "objects">>;

/**
 * What is known of each image's mask: a file of notes, a line each, of which
 * the last one of an image counts. A mask that is there without a note, or that
 * another program has changed since, was made by a person: it is corrected.
 * Lines without a state count objects; they leave the note as it is, which holds
 * again when all edits are undone.
 */
export class ImageStates {
  readonly #path: string;
  readonly #notes = new Map<string, Note>();
  readonly #counts = new Map<string, ObjectCount>();

  private constructor(path: string) {
    this.#path = path;
  }

  /**
   * Reads the notes of a studio.
   *
   * @param home The studio's own folder.
   * @throws {FileError} If the file is there and cannot be read.
   */
  static async open(home: string): Promise<ImageStates> {
    const path = join(home, "states.jsonl");
    const states = new ImageStates(path);
    for (const line of (await textOf(path)).split("\n")) {
      const note = noteOf(line);
      if (note) states.#take(note);
    }
    return states;
  }

  /** What is noted of an image. */
  note(image: string): Note | undefined {
    return this.#notes.get(image);
  }

  /**
   * The state of an image.
   *
   * @param image The image.
   * @param mask The file of its mask as it is now, if there is one.
   */
  stateOf(image: string, mask: MaskMark | undefined): ImageState {
    if (mask === undefined) return "none";
    const note = this.#notes.get(image);
    return note && isOf(note, mask) ? note.state : "corrected";
  }

  /**
   * How many objects an image's mask has.
   *
   * @param image The image.
   * @param mask The file of its mask as it is now.
   * @returns Nothing where that is not known.
   */
  objectsOf(image: string, mask: MaskMark): number | undefined {
    return [this.#notes.get(image), this.#counts.get(image)]
      .find((one) => one?.objects !== undefined && isOf(one, mask))?.objects;
  }

  /**
   * Notes what became of a mask, on the disk once this returns.
   *
   * @param note The note.
   * @throws {FileError} If it cannot be written.
   */
  async add(note: Note): Promise<void> {
    await this.#write(note);
    this.#take(note);
  }

  /**
   * Notes how many objects a mask has, on the disk once this returns.
   *
   * @param count The number.
   * @throws {FileError} If it cannot be written.
   */
  async addCount(count: ObjectCount): Promise<void> {
    await this.#write(count);
    this.#take(count);
  }

  #take(note: Note | ObjectCount): void {
    if ("state" in note) this.#notes.set(note.image, note);
    else this.#counts.set(note.image, note);
  }

  async #write(note: Note | ObjectCount): Promise<void> {
    try {
      using file = await Deno.open(this.#path, { append: true, create: true });
      // A line that a kill cut off must not swallow this one.
      const text = `\n${JSON.stringify(note)}\n`;
      await file.write(new TextEncoder().encode(text));
      await file.sync();
    } catch (cause) {
      throw new FileError(
        cannot("write", "notes", this.#path, {
          found: describeSystemFault(cause),
        }),
        { cause },
      );
    }
  }
}

/** Whether a note is of a mask as it is now. */
function isOf({ mask: before }: ObjectCount | Note, now: MaskMark): boolean {
  return before.size === now.size && before.modified === now.modified;
}

/**
 * How a mask's file is now.
 *
 * @param path The mask.
 * @returns Nothing where there is none.
 */
export async function markOf(path: string): Promise<MaskMark | undefined> {
  const info = await infoOf(path);
  if (!info?.isFile) return undefined;
  return { size: info.size, modified: info.mtime?.getTime() ?? 0 };
}

/** How a mask's file is now, without letting anything else happen. */
export function markOfSync(path: string): MaskMark | undefined {
  try {
    const { isFile, size, mtime } = Deno.statSync(path);
    return isFile ? { size, modified: mtime?.getTime() ?? 0 } : undefined;
  } catch (cause) {
    const isNothing = cause instanceof Deno.errors.NotFound ||
      cause instanceof Deno.errors.NotADirectory;
    if (isNothing) return undefined;
    throw cause;
  }
}

/** Whether a file is as it was; null where there was none. */
export function isAt(path: string, before: MaskMark | null): boolean {
  return JSON.stringify(markOfSync(path) ?? null) === JSON.stringify(before);
}

async function textOf(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return "";
    throw new FileError(
      cannot("read", "notes", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}

/** A line's note; nothing in a line that is empty, cut off, or not ours. */
function noteOf(line: string): Note | ObjectCount | undefined {
  if (line === "") return undefined;
  const value = jsonOf(line);
  if (typeof value !== "object" || value === null) return undefined;
  const { image, state, mask, objects } = value as Partial<Note>;
  const isNote = typeof image === "string" &&
    typeof mask?.size === "number" && typeof mask.modified === "number" &&
    (state === undefined
      ? Number.isSafeInteger(objects)
      : ["predicted", "corrected", "accepted"].includes(state));
  return isNote ? value as Note | ObjectCount : undefined;
}
