import { shownWord, trainJudged, type TrainSettings } from "@unet/app";
import { type Communicator, endOfTraining } from "@unet/train";
import { describeEpoch, describeSources } from "./describe_epoch.ts";
import { describeStart } from "./describe_start.ts";
import { Doubts } from "./doubts.ts";
import { exitCodeOf, interruptSignal } from "./interrupt.ts";
import { programName } from "./program_name.ts";
import { sessionEvents } from "./session_events.ts";
import {
  bar,
  describeSeconds,
  liveLine,
  printError,
  printLine,
} from "./terminal.ts";
import { wordSettings } from "./word_settings.ts";

/** How {@linkcode reportTraining} works. */
export interface ReportOptions {
  /** Whether nothing may be fetched. */
  readonly offline: boolean;
  /** Whether to print more about the device. */
  readonly verbose: boolean;
  /** Connects the processes that train together. */
  readonly communicator?: Communicator;
}

/**
 * Trains by settings and prints how it goes: a live bar on a terminal, a
 * plain line per epoch everywhere.
 *
 * @param settings The settings.
 * @param options Whether nothing may be fetched, and whether the person wants
 * to know more about the device.
 * @returns The exit code.
 */
export async function reportTraining(
  settings: TrainSettings,
  { offline, verbose, communicator }: ReportOptions,
): Promise<number> {
  const live = liveLine();
  const doubts = new Doubts(printError);
  let isTraining = false;
  using interrupt = interruptSignal(() => {
    live.clear();
    printLine(
      isTraining
        ? "Interrupted: finishing the step, then saving"
        : "Interrupted before the first step",
    );
  });
  const name = shownWord(settings.out), program = programName();
  let epochs = settings.epochs, pace = 0, isHeldOut = true;
  try {
    const state = await trainJudged(settings, {
      ...sessionEvents(settings, {
        ...{ signal: interrupt.signal, live, doubts, offline, verbose },
      }),
      ...(communicator && { communicator }),
      onUnlocked(warning) {
        live.clear();
        printError(warning);
      },
      async onStart(start) {
        const { settings } = start;
        const lines = await describeStart(start);
        live.clear();
        doubts.end();
        isTraining = true;
        epochs = settings.epochs;
        isHeldOut = start.images.validation > 0;
        lines.forEach(printLine);
      },
      onStep({ epoch, batch, batches, loss, seconds }) {
        pace = pace === 0 ? seconds : 0.9 * pace + 0.1 * seconds;
        const steps = batches - batch + (epochs - epoch) * batches;
        live.update(
          `Epoch ${epoch}/${epochs} ${bar(batch / batches)} ` +
            `${batch}/${batches} loss ${loss.toFixed(4)} ` +
            `${(settings.batch / pace).toFixed(1)} tiles/s, ` +
            `${describeSeconds(steps * pace)} left`,
        );
      },
      onEpoch({ row, isBest }) {
        live.clear();
        printLine(describeEpoch(row, epochs, { isBest, isHeldOut }));
      },
      onNote(line) {
        live.clear();
        printLine(wordSettings(line));
      },
    });
    live.clear();
    if (endOfTraining(state, settings) === null) {
      printLine(
        `Stopped after epoch ${state.epoch}, step ${state.step}; continue ` +
          `with: ${program} train --resume ${name}`,
      );
      // Another rank may have been asked to end.
      return communicator && !interrupt.signal.aborted
        ? 0
        : exitCodeOf(interrupt.signal);
    }
    const { best, rows } = state;
    const row = rows.find(({ epoch }) => epoch === best!.epoch);
    describeSources(row!).forEach(printLine);
    printLine(
      `${
        isHeldOut ? describeBest(state.best!) : describeLast(state.best!)
      }; segment with: ${program} segment IMAGE ` +
        `--model ${name}`,
    );
    return 0;
  } finally {
    live.clear();
    doubts.end();
  }
}

function describeLast({ epoch, f1 }: { epoch: number; f1: number }): string {
  return `Last: epoch ${epoch}, F1 ${f1.toFixed(4)} on the training images`;
}

function describeBest({ epoch, f1 }: { epoch: number; f1: number }): string {
  const score = `validation F1 ${f1.toFixed(4)}`;
  return epoch > 0
    ? `Best: epoch ${epoch}, ${score}`
    : `Best: epoch 0, before training, ${score}: no epoch was better than ` +
      "the weights it started from, which best/ holds; a lower --lr changes " +
      "them less";
}
