import { join } from "@std/path";
import type { ObjectSettings } from "@unet/app/object-options";
import type { ImageChoice } from "@unet/data";
import { cannot, FileError } from "@unet/errors";
import { describeSystemFault, infoOf, parseJson } from "@unet/files";

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

/**
 * What is known of each image's mask: a file of notes, a line each, of which
 * the last one of an image counts. A mask that is there without a note, or that
 * another program has changed since, was made by a person: it is corrected.
 */
export class ImageStates {
  readonly #path: string;
  readonly #notes: Map<string, Note>;

  private constructor(path: string, notes: Map<string, Note>) {
    this.#path = path;
    this.#notes = notes;
  }

  /**
   * Reads the notes of a studio.
   *
   * @param home The studio's own folder.
   * @throws {FileError} If the file is there and cannot be read.
   */
  static async open(home: string): Promise<ImageStates> {
    const path = join(home, "states.jsonl");
    const notes = new Map<string, Note>();
    for (const line of (await textOf(path)).split("\n")) {
      const note = noteOf(line);
      if (note) notes.set(note.image, note);
    }
    return new ImageStates(path, notes);
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
    const isSame = note?.mask.size === mask.size &&
      note.mask.modified === mask.modified;
    return note && isSame ? note.state : "corrected";
  }

  /**
   * Notes what became of a mask, on the disk once this returns.
   *
   * @param note The note.
   * @throws {FileError} If it cannot be written.
   */
  async add(note: Note): Promise<void> {
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
    this.#notes.set(note.image, note);
  }
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
function noteOf(line: string): Note | undefined {
  if (line === "") return undefined;
  let value: unknown;
  try {
    value = parseJson(line);
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { image, state, mask } = value as Partial<Note>;
  const isNote = typeof image === "string" &&
    ["predicted", "corrected", "accepted"].includes(String(state)) &&
    typeof mask?.size === "number" && typeof mask.modified === "number";
  return isNote ? value as Note : undefined;
}
