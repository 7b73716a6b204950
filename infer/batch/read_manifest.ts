import { basename, join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { describeSystemFault } from "@unet/files";
import { type FileState, stateAfter } from "./file_state.ts";
import {
  type ManifestEvent,
  mostOutputs,
  parseEvent,
  type RunEvent,
} from "./manifest_event.ts";

/** The state of a file of the whole batch in a manifest. */
export interface BatchFileState {
  /** When it was written or begun. */
  readonly at: string;
  /** Its bytes; absent where it was begun, so that any file is the program's. */
  readonly size?: number;
}

/** A manifest, read. */
export interface ManifestContent {
  /** Its path. */
  readonly path: string;
  /** The shard in its name, as in "2/8". */
  readonly shard?: string;
  /** Whether it was merged out of others, and no run came after. */
  readonly isMerged: boolean;
  /** The runs that wrote it, in order. */
  readonly runs: readonly RunEvent[];
  /** Whether the last run went through all its files. */
  readonly ended: boolean;
  /** What became of each file, by name. */
  readonly files: ReadonlyMap<string, FileState>;
  /** Files of the whole batch that it wrote, by their path. */
  readonly batchFiles: ReadonlyMap<string, BatchFileState>;
  /**
   * Lines that are no part of a manifest: a message for each of the first
   * twenty, and how many more there are.
   */
  readonly faults: readonly string[];
  /** Bytes up to the end of the last whole line. */
  readonly wholeBytes: number;
  /** What follows them: a line that a kill cut off. */
  readonly torn: string;
}

const names = /^manifest(-(\d+)-of-(\d+))?\.jsonl$/;

/** So many lines that are no part of a manifest have a message each. */
const mostFaults = 20;

/** Longer lines are no manifest's; they would only fill the memory. */
const longestLine = 1 << 24;

/**
 * Lists the manifests in an output folder: that of a whole batch and those of
 * shards.
 *
 * @returns Their paths in a fixed order; none where there is no such folder.
 * @throws {FileError} If the folder cannot be read.
 */
export async function listManifests(folder: string): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      if (names.test(name)) found.push(name);
    }
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return [];
    throw new FileError(
      cannot("list", "folder", folder, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
  const order = new Intl.Collator("en", { numeric: true });
  return found.sort(order.compare).map((name) => join(folder, name));
}

/**
 * Reads a manifest, which another process may be writing: a cut off last line
 * is left aside, and foreign lines are reported.
 *
 * @param path The manifest.
 * @returns What it says.
 * @throws {FileError} If it cannot be read, or its first line says that it is
 * no manifest, or one of a later version.
 *
 * @example
 * ```ts
 * import { readManifest } from "@unet/infer/batch";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(
 *   path,
 *   '{"event":"run","version":1,"at":"2026-01-31T12:00:00.000Z",' +
 *     '"setup":"0123456789abcdef","settings":{},"model":"m","files":2}\n' +
 *     '{"event":"start","at":"2026-01-31T12:00:01.000Z","name":"a.tif",' +
 *     '"outputs":["a.png"]}\n' +
 *     '{"event":"do',
 * );
 * const { files, torn } = await readManifest(path);
 * assertEquals(files.get("a.tif")?.begun, ["a.png"]);
 * assertEquals(torn, '{"event":"do');
 * ```
 */
export async function readManifest(path: string): Promise<ManifestContent> {
  const runs: RunEvent[] = [], faults: string[] = [];
  const files = new Map<string, FileState>();
  const batchFiles = new Map<string, BatchFileState>();
  let ended = false, isMerged = false, wholeBytes = 0, torn = "", number = 0;
  let unread = 0;
  for await (const { lines, bytes, rest } of readLines(path)) {
    for (const line of lines) {
      number++;
      const event = eventOf(line, files);
      if (
        number === 1 && (typeof event === "string" || event.event !== "run")
      ) {
        throw noManifest(
          path,
          typeof event === "string" ? event : `an event "${event.event}"`,
        );
      }
      if (typeof event === "string") {
        if (unread++ >= mostFaults) continue;
        faults.push(
          cannot("read", "line", `${path}:${number}`, {
            found: event,
            expected: "an event of a manifest",
          }),
        );
      } else if (event.event === "run") {
        runs.push(event);
        ended = isMerged = false;
      } else if (event.event === "end") ended = true;
      else if (event.event === "merge") isMerged = true;
      else if (event.event === "begin") {
        for (const path of event.outputs) {
          batchFiles.set(path, { at: event.at });
        }
      } else if (event.event === "wrote") {
        for (const { path, size } of event.outputs) {
          batchFiles.set(path, { at: event.at, size });
        }
      } else files.set(event.name, stateAfter(files.get(event.name), event));
    }
    wholeBytes += bytes;
    torn = rest;
  }
  if (number === 0 && !isStart(torn)) throw noManifest(path, "no whole line");
  if (unread > mostFaults) {
    faults.push(cannot("read", "manifest", path, {
      found: `${unread - mostFaults} more such lines`,
      expected: "events of a manifest",
    }));
  }
  const [, , index, count] = names.exec(basename(path)) ?? [];
  return {
    path,
    ...index ? { shard: `${index}/${count}` } : {},
    ...{ isMerged, runs, ended, files, batchFiles },
    ...{ faults, wholeBytes, torn },
  };
}

/** A line's event; in words, what was found instead. */
function eventOf(
  line: string,
  files: ReadonlyMap<string, FileState>,
): ManifestEvent | string {
  const event = parseEvent(line);
  if (typeof event === "string" || event.event !== "start") return event;
  const begun = files.get(event.name)?.begun.length ?? 0;
  return begun + event.outputs.length > 2 * mostOutputs
    ? `outputs of one file beyond ${2 * mostOutputs}`
    : event;
}

/** Whether a text could be the start of one of our lines, cut off. */
export function isStart(text: string): boolean {
  const start = '{"event":"';
  return start.startsWith(text.slice(0, start.length)) ||
    // What a file system puts where a power cut lost the content.
    /^\0+$/.test(text);
}

function noManifest(path: string, found: string): FileError {
  return new FileError(
    cannot("read", "manifest", path, {
      found: `${found} in its first line`,
      expected: "a manifest that this program wrote",
      remedy: "move that file, or choose another output folder",
    }),
  );
}

/** Whole lines, chunk by chunk, with their bytes and what follows them. */
async function* readLines(
  path: string,
): AsyncGenerator<{ lines: string[]; bytes: number; rest: string }> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const chunk = new Uint8Array(1 << 20);
  let rest = new Uint8Array(0);
  try {
    using file = await Deno.open(path, { read: true });
    for (;;) {
      const count = await file.read(chunk);
      if (count === null) break;
      const bytes = new Uint8Array(rest.length + count);
      bytes.set(rest);
      bytes.set(chunk.subarray(0, count), rest.length);
      const end = bytes.lastIndexOf(10) + 1;
      rest = bytes.slice(end);
      if (rest.length > longestLine) throw noManifest(path, "no line at all");
      const lines = decoder.decode(bytes.subarray(0, end)).split("\n");
      lines.pop();
      yield { lines, bytes: end, rest: "" };
    }
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    throw new FileError(
      cannot("read", "manifest", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
  yield { lines: [], bytes: 0, rest: decoder.decode(rest) };
}
