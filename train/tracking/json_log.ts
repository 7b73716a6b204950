import { join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { describeSystemFault } from "@unet/files";
import type { EventLog } from "./event_log.ts";
import { LogFile, requireNoLink } from "./log_file.ts";
import type { EventValue, TrainingEvent } from "./training_event.ts";

/** The version of a line's form. */
const formatVersion = 1;

/** A longer line is none of ours. */
const longestLine = 1 << 20;

/** Opens `events.jsonl` of a run, as {@linkcode openEventLogs} does. */
export async function openJsonLog(
  run: string,
  from: number | null,
): Promise<EventLog> {
  const path = join(run, "events.jsonl");
  await requireNoLink(path);
  if (from !== null) await cutAt(path, from);
  const file = await LogFile.open(path);
  return {
    write: (event) => file.write(new TextEncoder().encode(formatEvent(event))),
    flush: () => file.flush(),
    [Symbol.dispose]: () => file[Symbol.dispose](),
  };
}

/**
 * An event as a line of JSON: its version, kind, time in UTC, epoch, step and
 * values. JSON has no number for what is not finite, which becomes null.
 *
 * @param event The event.
 * @returns The line, with a line feed at its end.
 *
 * @example
 * ```ts
 * import { formatEvent } from "@unet/train/tracking";
 * import { assertEquals } from "@std/assert";
 *
 * const line = formatEvent({
 *   ...{ kind: "step", time: 0, epoch: 1, step: 2 },
 *   values: { loss: 0.5, learningRate: 0.1 },
 * });
 * assertEquals(
 *   line,
 *   '{"version":1,"kind":"step","time":"1970-01-01T00:00:00.000Z",' +
 *     '"epoch":1,"step":2,"values":{"loss":0.5,"learningRate":0.1}}\n',
 * );
 * ```
 */
export function formatEvent(event: TrainingEvent): string {
  const { kind, time, epoch, step, values } = event;
  const finite = (value: EventValue): EventValue =>
    typeof value === "number" && !Number.isFinite(value) ? null : value;
  return JSON.stringify({
    version: formatVersion,
    kind,
    time: new Date(time).toISOString(),
    epoch,
    step,
    values: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, finite(value)]),
    ),
  }) + "\n";
}

/**
 * Ends the file before its first event of a step or later. A kill may have left
 * a last line without its end, which goes too.
 */
async function cutAt(path: string, step: number): Promise<void> {
  try {
    using file = await Deno.open(path, { read: true, write: true });
    await file.truncate(await endBefore(file, { path, step }));
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return;
    if (cause instanceof FileError) throw cause;
    throw new FileError(
      cannot("continue", "log", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}

/** How many bytes the events before a step take. */
async function endBefore(
  file: Deno.FsFile,
  { path, step }: { readonly path: string; readonly step: number },
): Promise<number> {
  let end = 0, lines = 0, rest = new Uint8Array(0);
  const refuse = () =>
    new FileError(cannot("continue", "log", path, {
      found: `a line that is no event (line ${lines + 1})`,
      expected: "the events of this run",
      remedy: "move the file away, and resume",
    }));
  const piece = new Uint8Array(1 << 16);
  for (;;) {
    const read = await file.read(piece);
    if (read === null) return end;
    if (rest.length > longestLine) throw refuse();
    const bytes = new Uint8Array(rest.length + read);
    bytes.set(rest);
    bytes.set(piece.subarray(0, read), rest.length);
    let from = 0;
    for (let at; (at = bytes.indexOf(lineFeed, from)) >= 0; from = at + 1) {
      const found = stepOf(bytes.subarray(from, at));
      if (Number.isNaN(found)) throw refuse();
      if (found >= step) return end;
      end += at + 1 - from;
      lines++;
    }
    rest = bytes.slice(from);
  }
}

const lineFeed = 10;

/** The step of a line; NaN where it is none of ours. */
function stepOf(line: Uint8Array): number {
  try {
    const event = JSON.parse(new TextDecoder().decode(line)) as {
      readonly step?: unknown;
    } | null;
    return Number(event?.step ?? NaN);
  } catch (cause) {
    if (cause instanceof SyntaxError) return NaN;
    throw cause;
  }
}
