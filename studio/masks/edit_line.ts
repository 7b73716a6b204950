import { parseJson } from "@unet/files";
import type { MaskMark } from "../folder/image_states.ts";
import type { Change } from "./change.ts";
import type { Operation } from "./operation.ts";

/** An object, and its class before and after; empty for none. */
export type ClassChange = readonly [
  object: number,
  before: string,
  after: string,
];

/** A mask's file, and a name of the labels and classes that it held. */
export interface HeldFile extends MaskMark {
  /** The name. */
  readonly content: string;
}

/** A line of the log that has a number: what happened to a mask, in order. */
export type NumberedLine =
  & { readonly number: number }
  & (
    | {
      /** What a person did. */
      readonly operation: Operation;
      /** What it changed. */
      readonly change: Change;
      /** Whose class it changed, if it changed any. */
      readonly classes?: readonly ClassChange[];
    }
    | {
      /** The edit that was taken back. */
      readonly undo: number;
    }
    | {
      /** The edit that was made again. */
      readonly redo: number;
    }
    | {
      /** The name of labels that were not made here; edits begin with them. */
      readonly taken: string;
      /** The file that held them; null where there was none. */
      readonly file?: HeldFile | null;
    }
  );

/** A line that says that a mask's file is about to hold all up to a number. */
export interface SavingLine {
  /** The number. */
  readonly saving: number;
  /** The name of the labels. */
  readonly labels: string;
}

/** A line that says that it does. */
export interface SavedLine {
  /** The number. */
  readonly saved: number;
  /** The file; absent where none is needed. */
  readonly file?: HeldFile;
}

/** Any line. */
export type LogLine = NumberedLine | SavingLine | SavedLine;

/** A line holds all runs of a large mask. */
const mostValues = 2 ** 28;

/** A line; nothing where there is no JSON, and null where it says no edit. */
export function lineOf(text: string): LogLine | null | undefined {
  if (text.trim() === "") return undefined;
  let value: unknown;
  try {
    value = parseJson(text, { most: mostValues });
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
  return isLine(value) ? value : null;
}

function isLine(value: unknown): value is LogLine {
  if (typeof value !== "object" || value === null) return false;
  const line = value as Record<string, unknown>;
  const isCount = (name: string): boolean =>
    Number.isSafeInteger(line[name]) && line[name] as number > 0;
  if (isCount("saving")) {
    return typeof line.labels === "string";
  }
  if (isCount("saved")) return true;
  if (!isCount("number")) return false;
  return isCount("undo") || isCount("redo") ||
    typeof line.taken === "string" ||
    isChange(line.change) &&
      (line.classes === undefined || areClasses(line.classes));
}

function areClasses(value: unknown): boolean {
  return Array.isArray(value) &&
    value.every((each) =>
      Array.isArray(each) && each.length === 3 && Number.isInteger(each[0]) &&
      typeof each[1] === "string" && typeof each[2] === "string"
    );
}

function isChange(value: unknown): boolean {
  return Array.isArray(value) && value.length % 4 === 0 &&
    value.every((each) => Number.isSafeInteger(each) && each >= 0);
}
