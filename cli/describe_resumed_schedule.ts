import { count } from "@unet/errors";
import type { TrainingState } from "@unet/train";
import { freshStart } from "./fresh_start.ts";
import { schedulerOf, type TrainSettings } from "@unet/app";

/** A run that continues, perhaps to another number of epochs. */
export interface ResumedRun {
  /** Its settings, with the number of epochs that it continues to. */
  readonly settings: TrainSettings;
  /** The number of epochs that it had before. */
  readonly previousEpochs: number;
  /** Where it continues. */
  readonly state: TrainingState;
  /** Steps per epoch. */
  readonly stepsPerEpoch: number;
}

/**
 * Says what another number of epochs does to the learning rate, where a person
 * might not expect it: a schedule that spans all epochs is stretched, one that
 * has ended stays at its lowest rate, and one that restarts jumps up.
 *
 * @param run The run.
 * @returns A line, or undefined where the rate continues as before.
 */
export async function describeResumedSchedule(
  run: ResumedRun,
): Promise<string | undefined> {
  const { settings, previousEpochs, state, stepsPerEpoch } = run;
  const { scheduler, epochs, learningRate: highest } = settings;
  if (state.step === 0 || state.epoch >= epochs) return undefined;
  const rateAt = (epochs: number, step: number): number =>
    schedulerOf({ ...settings, epochs }, stepsPerEpoch)
      .at(step, stepsPerEpoch).learningRate;
  const last = state.rows.at(-1);
  const known = last?.learningRate ?? null;
  const step = known === null ? state.step : last!.step;
  // What the steps so far were made with, whatever config.json says by now.
  const before = known ?? rateAt(previousEpochs, step - 1);
  const next = rateAt(epochs, state.step);
  const isStretched = !isSame(before, rateAt(epochs, step - 1));
  if (!isStretched && epochs === previousEpochs) return undefined;
  const change = `${word(before)} (last step) to ${word(next)} (next step)`;
  const fresh = `For a fresh schedule from the best weights: ` +
    `${await freshStart(settings)}`;
  if (isStretched) {
    const spans = epochs === previousEpochs
      ? `spans ${count(epochs, "epoch")} now`
      : `is ${epochs > previousEpochs ? "stretched" : "shortened"} from ` +
        `${count(previousEpochs, "epoch")} to ${epochs}`;
    return `Schedule: ${scheduler} ${spans}, so the learning rate ` +
      `${next > before ? "rises" : "falls"} from ${change}. ${fresh}`;
  }
  if (next <= 1e-6 * highest) {
    return `Schedule: ${scheduler} has ended; the learning rate stays at ` +
      `${word(next)}, which changes nothing. ${fresh}`;
  }
  if (next > 2 * before) {
    return `Schedule: ${scheduler} starts a new period, so the learning rate ` +
      `rises from ${change}. ${fresh}`;
  }
  return undefined;
}

/** A rate in a few digits, as a person would type it. */
function word(rate: number): string {
  return String(Number(rate.toPrecision(2)));
}

function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(a, b);
}
