import { type Doubt, isAboutReading } from "@unet/app/doubt";
import type { ReadingNoteKind } from "@unet/data";
import { count } from "@unet/errors";
import { describeMaskOptions, wordSettings } from "./word_settings.ts";

/** What a person can do about what a file leaves open, by its kind. */
const remedies: Readonly<Record<ReadingNoteKind, string>> = {
  planes:
    "--plane N takes another, --plane max projects, segment --plane all " +
    "takes each",
  times: "--time N takes another, segment --time all takes each",
  channels: "--channel N or NAME takes another",
  images: "save the others as files of their own",
  pages: "save the others as files of their own",
  "page-channels": "--plane N takes one of them as a plane",
  bounds: "as QuPath does",
  icc: "colors are as the scanner stored them",
  orientation: "masks belong on the pixels as stored",
};

/** What the flags of a suggestion do, by the kind of the doubt. */
const effects: Readonly<Record<string, string>> = {
  "wrong-background": "",
  "void-value": " leaves it out",
  "class-map": " takes each part for one",
  "several-values": " takes each number for one",
  "several-parts": " takes each part for one",
};

/** What they do with all other kinds. */
const confirms = " confirms it";

/**
 * Words a doubt, with what to do about it.
 *
 * @param doubt The doubt.
 * @returns The line, as in "a.tif: 5 planes: plane 0 taken; --plane N takes
 * another, --plane max projects, segment --plane all takes each".
 */
export function describeDoubt(doubt: Doubt): string {
  const { kind, message, suggestion } = doubt;
  if (isAboutReading(doubt)) {
    return `${message}; ${remedies[kind as ReadingNoteKind]}`;
  }
  if (suggestion === undefined) return message;
  const effect = Object.hasOwn(effects, kind) ? effects[kind]! : confirms;
  return `${message} (${describeMaskOptions(suggestion)}${effect})`;
}

/**
 * Prints doubts about many images in few lines: the first of a kind as they
 * come, and at the end how many more there were.
 */
export class Doubts {
  readonly #print: (line: string) => void;
  readonly #most: number;
  readonly #more = new Map<string, number>();

  /**
   * Starts without any.
   *
   * @param print Given each line.
   * @param most How many of a kind are printed.
   */
  constructor(print: (line: string) => void, most = 1) {
    this.#print = print;
    this.#most = most;
  }

  /** Adds one, and prints it if it is among the first of its kind. */
  add(doubt: Doubt): void {
    const more = (this.#more.get(doubt.kind) ?? -this.#most) + 1;
    this.#more.set(doubt.kind, more);
    if (more <= 0) {
      this.#print(`warning: ${wordSettings(describeDoubt(doubt))}`);
    }
  }

  /** Prints how many more there were of each kind; once more does nothing. */
  end(): void {
    for (const [kind, more] of this.#more) {
      if (more <= 0) continue;
      this.#print(
        `warning: the same of ${count(more, "more image")} (${kind})`,
      );
      this.#more.set(kind, 0);
    }
  }
}
