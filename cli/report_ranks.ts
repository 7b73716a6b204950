import { trainJudged, type TrainSettings } from "@unet/app";
import { UnetError } from "@unet/errors";
import { InterruptedError, interruptSignal } from "./interrupt.ts";
import { provideDevice } from "./provide_device.ts";
import type { Ranks } from "./open_ranks.ts";
import { type ReportOptions, reportTraining } from "./report_training.ts";
import { printError, printLine } from "./terminal.ts";
import { wordSettings } from "./word_settings.ts";

/** Milliseconds that another rank has to say what both found. */
const courtesy = 1500;

/**
 * Trains on the ranks of a job. Rank 0 prints as a process alone does, the
 * others nothing; a fault of any ends all.
 *
 * @param settings The settings.
 * @param ranks The ranks.
 * @param options As for a process alone.
 * @returns The exit code.
 */
export async function reportRanks(
  settings: TrainSettings,
  { communicator, threads }: Ranks,
  options: ReportOptions,
): Promise<number> {
  const { rank, size, version, host } = communicator;
  try {
    if (rank === 0) {
      printLine(
        `Ranks: ${size} by ${version}, ${threads} ` +
          `${threads === 1 ? "thread" : "threads"} each`,
      );
    }
    const code = rank === 0
      ? await reportTraining(settings, { ...options, communicator })
      : await follow(settings, { communicator, threads }, options);
    communicator.close();
    return code;
  } catch (error) {
    if (error instanceof InterruptedError) {
      return communicator.abort(error.code);
    }
    // What rank 0 finds as well, it says.
    if (rank > 0) await new Promise((done) => setTimeout(done, courtesy));
    const words = error instanceof UnetError
      ? wordSettings(error.message)
      : Deno.inspect(error);
    printError(rank === 0 ? words : `Rank ${rank} (${host}): ${words}`);
    return communicator.abort(2);
  }
}

/** Trains without a word. */
async function follow(
  settings: TrainSettings,
  { communicator }: Ranks,
  { offline }: ReportOptions,
): Promise<number> {
  using interrupt = interruptSignal(() => {});
  const { signal } = interrupt;
  await trainJudged(settings, {
    ...{ signal, communicator, isOffline: offline },
    beforeDevice: () => provideDevice(settings.device, { offline, signal }),
  });
  return 0;
}
