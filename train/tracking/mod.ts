/**
 * Logs of a training for other programs: event files for TensorBoard, and a
 * line of JSON per event.
 *
 * @example
 * ```ts
 * import { logNames, openEventLogs } from "@unet/train/tracking";
 *
 * const run = await Deno.makeTempDir();
 * using log = await openEventLogs(logNames, { run, from: null });
 * const at = { time: Date.now(), epoch: 1, step: 10 };
 * log.write({ kind: "epoch", ...at, values: { f1: 0.9 } });
 * ```
 *
 * @module
 */
export * from "./event_log.ts";
export { formatEvent } from "./json_log.ts";
export * from "./log_names.ts";
export type * from "./training_event.ts";
