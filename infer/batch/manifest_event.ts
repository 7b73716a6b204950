import { brief } from "@unet/errors";
import { parseJson } from "@unet/files";
import type { ImageScale } from "../diameter/diameter_settings.ts";
import type { OtherFile } from "./other_files.ts";

/** A run of the program on an output folder begins. */
export interface RunEvent {
  /** What happened. */
  readonly event: "run";
  /** The version of this format. */
  readonly version: 1;
  /** When, as in "2026-01-31T12:00:00.000Z". */
  readonly at: string;
  /** The setup's id, which the lines of finished files name. */
  readonly setup: string;
  /** Every setting that decides what the outputs are. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The model's hash. */
  readonly model: string;
  /** Files of this run, its own shard's alone. */
  readonly files: number;
  /** What is written of each file, as in "png"; absent in old manifests. */
  readonly formats?: readonly string[];
  /** The shard, as in "2/8"; absent where the batch is in one piece. */
  readonly shard?: string;
}

/** Outputs of a file are about to be written. */
export interface StartEvent {
  /** What happened. */
  readonly event: "start";
  /** When. */
  readonly at: string;
  /** The file's path below the folder that was given, with "/". */
  readonly name: string;
  /** The outputs' paths below the output folder, with "/". */
  readonly outputs: readonly string[];
}

/** An output file. */
export interface WrittenOutput {
  /** Its path below the output folder, with "/". */
  readonly path: string;
  /** Its bytes. */
  readonly size: number;
  /** How it was written, where there are several ways, as in "pyramid". */
  readonly kind?: string;
}

/** A file is done, and all its outputs are in their places. */
export interface DoneEvent {
  /** What happened. */
  readonly event: "done";
  /** When. */
  readonly at: string;
  /** The file's path below the folder that was given, with "/". */
  readonly name: string;
  /** The file's path as the person gave it. */
  readonly input: string;
  /** Its bytes. */
  readonly size: number;
  /** When it was changed last, in milliseconds since 1970. */
  readonly modified: number;
  /** The SHA-256 of its bytes. */
  readonly hash: string;
  /** Files beside it that it was read from too; absent where there are none. */
  readonly others?: readonly OtherFile[];
  /** The id of the setup that it was segmented with. */
  readonly setup: string;
  /** What was written. */
  readonly outputs: readonly WrittenOutput[];
  /** What was counted, by name, as in pixels and nuclei. */
  readonly counts: Readonly<Record<string, number>>;
  /**
   * How many objects there are of each size, by the size's class; absent where
   * objects were not counted.
   */
  readonly sizes?: Readonly<Record<string, number>>;
  /**
   * The pixels of each class, the background's first; absent where the network
   * finds objects.
   */
  readonly classes?: readonly {
    /** The class's name. */
    readonly name: string;
    /** Its pixels. */
    readonly pixels: number;
  }[];
  /**
   * The objects of each class but the background; absent where objects have no
   * classes.
   */
  readonly objectClasses?: readonly {
    /** The class's name. */
    readonly name: string;
    /** Its objects. */
    readonly objects: number;
  }[];
  /** How large a pixel is, in µm; absent where that is not known. */
  readonly pixelSize?: { readonly x: number; readonly y: number };
  /**
   * The median diameter of the image's objects in pixels, and by how much it
   * was enlarged for the network; absent where images are seen as they are.
   */
  readonly imageScale?: ImageScale;
  /** Seconds that it took. */
  readonly seconds: number;
}

/** A file could not be segmented. */
export interface FailedEvent {
  /** What happened. */
  readonly event: "failed";
  /** When. */
  readonly at: string;
  /** The file's path below the folder that was given, with "/". */
  readonly name: string;
  /** The file's path as the person gave it. */
  readonly input: string;
  /** Why. */
  readonly error: string;
}

/** Files of the whole batch, as its table, are about to be written. */
export interface BeginEvent {
  /** What happened. */
  readonly event: "begin";
  /** When. */
  readonly at: string;
  /** Their paths below the output folder, with "/". */
  readonly outputs: readonly string[];
}

/** Files of the whole batch are in their places. */
export interface WroteEvent {
  /** What happened. */
  readonly event: "wrote";
  /** When. */
  readonly at: string;
  /** What was written. */
  readonly outputs: readonly WrittenOutput[];
}

/** A run went through all its files. */
export interface EndEvent {
  /** What happened. */
  readonly event: "end";
  /** When. */
  readonly at: string;
}

/** Manifests were merged into this one, which lists their runs and files. */
export interface MergeEvent {
  /** What happened. */
  readonly event: "merge";
  /** When the last of it happened. */
  readonly at: string;
}

/** One line of a manifest. */
export type ManifestEvent =
  | RunEvent
  | StartEvent
  | DoneEvent
  | FailedEvent
  | BeginEvent
  | WroteEvent
  | EndEvent
  | MergeEvent;

type Check = (value: unknown) => boolean;

/** An image has a dozen of outputs at most. */
export const mostOutputs = 256;

/** No system has longer paths, and no message of ours is longer. */
const longestText = 2 ** 15;

const isText: Check = (value) =>
  typeof value === "string" && value.length <= longestText;
const isCount: Check = (value) =>
  Number.isSafeInteger(value) && value as number >= 0;
const isNumber: Check = (value) => Number.isFinite(value);
const isTime: Check = (value) =>
  isText(value) &&
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value as string);
const isHash: Check = (value) =>
  isText(value) && /^[0-9a-f]{16,64}$/.test(value as string);
const isRecord: Check = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isPath: Check = (value) => isText(value) && value !== "";
/** A name in a folder, which leads to no other. */
const isName: Check = (value) =>
  isPath(value) && !/[/\\\0]/.test(value as string) && value !== "..";
const isListOf = (check: Check): Check => (value) =>
  Array.isArray(value) && value.length <= mostOutputs && value.every(check);
const isOptional = (check: Check): Check => (value) =>
  value === undefined || check(value);
const isOutput: Check = (value) =>
  isRecord(value) && isPath((value as WrittenOutput).path) &&
  isCount((value as WrittenOutput).size) &&
  isOptional(isText)((value as WrittenOutput).kind);
const isOtherFile: Check = (value) =>
  isRecord(value) && isName((value as OtherFile).name) &&
  isCount((value as OtherFile).size) &&
  isNumber((value as OtherFile).modified) && isHash((value as OtherFile).hash);
const isClassArea: Check = (value) =>
  isRecord(value) && isText((value as { name: unknown }).name) &&
  isCount((value as { pixels: unknown }).pixels);
const isClassCount: Check = (value) =>
  isRecord(value) && isText((value as { name: unknown }).name) &&
  isCount((value as { objects: unknown }).objects);
const isImageScale: Check = (value) => {
  if (!isRecord(value)) return false;
  const { diameter, scale } = value as Partial<ImageScale>;
  return (diameter === null || isNumber(diameter)) && isNumber(scale);
};
const isCounts: Check = (value) =>
  isRecord(value) && Object.values(value as object).every(isNumber);

const fields: Record<ManifestEvent["event"], Record<string, Check>> = {
  run: {
    at: isTime,
    setup: isHash,
    settings: isRecord,
    model: isText,
    files: isCount,
    formats: isOptional(isListOf(isText)),
    shard: isOptional(isText),
  },
  start: { at: isTime, name: isText, outputs: isListOf(isPath) },
  done: {
    at: isTime,
    name: isText,
    input: isText,
    size: isCount,
    modified: isNumber,
    hash: isHash,
    others: isOptional(isListOf(isOtherFile)),
    setup: isHash,
    outputs: isListOf(isOutput),
    counts: isCounts,
    sizes: isOptional(isCounts),
    classes: isOptional(isListOf(isClassArea)),
    objectClasses: isOptional(isListOf(isClassCount)),
    pixelSize: isOptional((value) =>
      isCounts(value) && isNumber((value as { x: unknown }).x) &&
      isNumber((value as { y: unknown }).y)
    ),
    imageScale: isOptional(isImageScale),
    seconds: isNumber,
  },
  failed: { at: isTime, name: isText, input: isText, error: isText },
  begin: { at: isTime, outputs: isListOf(isPath) },
  wrote: { at: isTime, outputs: isListOf(isOutput) },
  end: { at: isTime },
  merge: { at: isTime },
};

const checks = new Map(
  Object.entries(fields).map(([kind, each]) => [kind, Object.entries(each)]),
);

/** The version of the format that this program writes. */
const version = 1;

/** Writes an event as a line, which names of files cannot break. */
export function formatEvent(event: ManifestEvent): string {
  return JSON.stringify(event) + "\n";
}

/**
 * Reads a line of a manifest.
 *
 * @param line The line, without its end.
 * @returns The event, or in words what was found instead.
 *
 * @example
 * ```ts
 * import { parseEvent } from "@unet/infer/batch";
 * import { assertEquals } from "@std/assert";
 *
 * const line = '{"event":"end","at":"2026-01-31T12:00:00.000Z"}';
 * assertEquals(parseEvent(line), JSON.parse(line));
 * assertEquals(parseEvent("note to self"), "text that is not JSON");
 * ```
 */
export function parseEvent(line: string): ManifestEvent | string {
  let value: unknown;
  try {
    value = parseJson(line);
  } catch (cause) {
    if (cause instanceof SyntaxError) return cause.message;
    throw cause;
  }
  if (!isRecord(value)) return "no object";
  const event = value as Record<string, unknown>;
  const kind = event.event;
  const expected = typeof kind === "string" ? checks.get(kind) : undefined;
  if (!expected) return "no event of a manifest";
  if (kind === "run" && event.version !== version) {
    return `version ${brief(event.version)} of the format, ` +
      `which is not version ${version}`;
  }
  for (const [name, check] of expected) {
    if (!check(event[name])) return `an event "${kind}" with a wrong "${name}"`;
  }
  return event as unknown as ManifestEvent;
}
