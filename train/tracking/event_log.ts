import { openJsonLog } from "./json_log.ts";
import type { LogName } from "./log_names.ts";
import { openTensorBoardLog } from "./tensorboard_log.ts";
import type { TrainingEvent } from "./training_event.ts";

/** Takes the events of a training. */
export interface EventLog extends Disposable {
  /**
   * Adds an event; whoever reads the log sees it at once.
   *
   * @throws {FileError} If the system refuses.
   */
  write(event: TrainingEvent): void;
  /**
   * Flushes all events to the disk.
   *
   * @throws {FileError} If the system refuses.
   */
  flush(): Promise<void>;
}

/** Where {@linkcode openEventLogs} writes, and from where on. */
export interface EventLogOptions {
  /** The run folder. */
  readonly run: string;
  /**
   * The step from which on the events are written anew, where a training
   * continues: what the logs hold of it and of later steps no longer counts.
   * Null for a new training.
   */
  readonly from: number | null;
}

/**
 * Opens logs of a training in its run folder: `tensorboard/`, event files that
 * TensorBoard shows, and `events.jsonl`, a line of JSON per event.
 *
 * @param names Which ones; none is fine.
 * @param options The run folder, and where a training continues.
 * @returns What writes into all of them.
 * @throws {FileError} If one cannot be opened.
 *
 * @example
 * ```ts
 * import { openEventLogs } from "@unet/train/tracking";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const run = await Deno.makeTempDir();
 * {
 *   using log = await openEventLogs(["json"], { run, from: null });
 *   const at = { time: Date.now(), epoch: 1, step: 1 };
 *   log.write({ kind: "step", ...at, values: { loss: 0.7 } });
 *   await log.flush();
 * }
 * const text = await Deno.readTextFile(`${run}/events.jsonl`);
 * assertStringIncludes(text, '"values":{"loss":0.7}');
 * ```
 */
export async function openEventLogs(
  names: readonly LogName[],
  { run, from }: EventLogOptions,
): Promise<EventLog> {
  using stack = new DisposableStack();
  const logs: EventLog[] = [];
  for (const name of names) {
    logs.push(stack.use(await openers[name](run, from)));
  }
  const opened = stack.move();
  return {
    write: (event) => logs.forEach((log) => log.write(event)),
    async flush() {
      for (const log of logs) await log.flush();
    },
    [Symbol.dispose]: () => opened.dispose(),
  };
}

const openers: Readonly<
  Record<LogName, (run: string, from: number | null) => Promise<EventLog>>
> = { tensorboard: openTensorBoardLog, json: openJsonLog };
