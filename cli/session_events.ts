import type { SessionEvents, TrainSettings } from "@unet/app";
import { describeDevice } from "./describe_device.ts";
import type { Doubts } from "./doubts.ts";
import { provideDevice } from "./provide_device.ts";
import {
  bar,
  describeDownload,
  type LiveLine,
  printError,
  printLine,
} from "./terminal.ts";
import { wordSettings } from "./word_settings.ts";

/** How {@linkcode sessionEvents} prints. */
export interface SessionOptions {
  /** Ends the work. */
  readonly signal: AbortSignal;
  /** Where progress is drawn. */
  readonly live: LiveLine;
  /** Gathers what the images leave open. */
  readonly doubts: Doubts;
  /** Whether nothing may be fetched. */
  readonly offline: boolean;
  /** Whether to print more about the device. */
  readonly verbose: boolean;
}

/**
 * Provides the device, and prints what happens before the first step of a
 * training: the device, images as they are read, faults and doubts, weights.
 *
 * @param settings Name the device.
 * @param options What ends it, and where it is printed.
 */
export function sessionEvents(
  { device }: Pick<TrainSettings, "device">,
  { signal, live, doubts, offline, verbose }: SessionOptions,
): SessionEvents {
  return {
    signal,
    isOffline: offline,
    beforeDevice: () => provideDevice(device, { offline, signal }),
    onDevice: (opened) => printLine(describeDevice(opened, verbose)),
    onCached: (done, all) =>
      live.update(`Reading images ${bar(done / all)} ${done}/${all}`),
    onFault({ message }) {
      live.clear();
      printError(`Left out: ${wordSettings(message)}`);
    },
    onWarning(fault) {
      live.clear();
      doubts.add(fault);
    },
    onWeights(lines) {
      live.clear();
      lines.forEach(printLine);
    },
    onDownload: (done, all) => live.update(describeDownload(done, all)),
  };
}
