import type { ReadingNoteKind } from "@unet/data";
import { count } from "@unet/errors";

/** What a person can do about what a file leaves open, by its kind. */
const remedies: Readonly<Record<ReadingNoteKind, string>> = {
  planes: "--plane N takes another, --plane max projects",
  times: "--time N takes another",
  channels: "--channel N or NAME takes another",
  images: "save the others as files of their own",
  pages: "save the others as files of their own",
  orientation: "masks belong on the pixels as stored",
};

/** A doubt about an image: a warning about its case, or how it was read. */
export interface Doubt {
  /** What it is about. */
  readonly kind: string;
  /** The file or case, what was found and what was done, in one line. */
  readonly message: string;
}

/**
 * Words a doubt, with what to do about it.
 *
 * @param doubt The doubt.
 * @returns The line, as in "a.tif: 5 planes: plane 0 taken; --plane N takes
 * another, --plane max projects".
 */
export function describeDoubt({ kind, message }: Doubt): string {
  return Object.hasOwn(remedies, kind)
    ? `${message}; ${remedies[kind as ReadingNoteKind]}`
    : message;
}

/**
 * Prints doubts about many images in few lines: the first of a kind as it
 * comes, and at the end how many more there were.
 */
export class Doubts {
  readonly #print: (line: string) => void;
  readonly #more = new Map<string, number>();

  /** Starts without any. */
  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** Adds one, and prints it if it is the first of its kind. */
  add(doubt: Doubt): void {
    const more = this.#more.get(doubt.kind);
    this.#more.set(doubt.kind, more === undefined ? 0 : more + 1);
    if (more === undefined) this.#print(`warning: ${describeDoubt(doubt)}`);
  }

  /** Prints how many more there were of each kind. */
  end(): void {
    for (const [kind, more] of this.#more) {
      if (more === 0) continue;
      this.#print(
        `warning: the same of ${count(more, "more image")} (${kind})`,
      );
    }
  }
}
