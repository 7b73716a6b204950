import { DivergedError, endOfTraining, type TrainingState } from "@unet/train";
import { completeTrainSettings } from "../settings/complete_train_settings.ts";
import {
  type ResumeChanges,
  resumedSettings,
} from "../settings/resumed_settings.ts";
import type {
  TrainChoices,
  TrainSettings,
} from "../settings/train_settings.ts";
import {
  describeCollapse,
  describeDivergence,
  judgeTraining,
} from "./judge_training.ts";
import { describeEnd } from "./describe_end.ts";
import { type TrainEvents, trainRun } from "./train_run.ts";
import type { TrainingFacts } from "./training_cause.ts";

/** Further events of a judged training. */
export interface JudgedTrainEvents extends TrainEvents {
  /** A line about a training that goes badly, or may need more steps. */
  onNote?(line: string): void;
}

/**
 * Trains a network on images and masks, as `unet train` does, and leaves a run
 * folder: the best model, a checkpoint to continue from, metrics, curves and
 * samples.
 *
 * @param choices The settings; the others have defaults.
 * @param events What is reported, and what ends it.
 * @returns Where the training stands: at its end, or where it was ended.
 * @throws {UsageError} If choices contradict one another.
 * @throws {DatasetError} If there are too few images, or no objects in them.
 * @throws {TrainingError} If the network learned nothing; says why.
 * @throws {UnetError} If data, device or run folder cannot be opened.
 *
 * @example
 * ```ts
 * import { train } from "@unet/app";
 * import { synthesize, writeKaggle } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const drawn = synthesize({ count: 4, width: 64, height: 64, seed: 1 });
 * await writeKaggle(drawn, `${folder}/data`);
 * const state = await train({
 *   data: `${folder}/data`,
 *   out: `${folder}/run`,
 *   width: 0.05,
 *   tile: 64,
 *   epochs: 1,
 *   device: "wasm",
 *   workers: 0,
 * });
 * assertEquals(state.epoch, 1);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function train(
  choices: TrainChoices,
  events: JudgedTrainEvents = {},
): Promise<TrainingState> {
  return await trainJudged(await completeTrainSettings(choices), events);
}

/**
 * Continues a training that was ended, with its own settings.
 *
 * @param run The run folder.
 * @param changes What may change: nothing of the result so far.
 * @param events What is reported, and what ends it.
 * @returns Where the training stands.
 * @throws {TrainingError} If the folder is no run, its data has changed, or the
 * network learned nothing.
 */
export async function resumeTraining(
  run: string,
  changes: ResumeChanges = {},
  events: JudgedTrainEvents = {},
): Promise<TrainingState> {
  return await trainJudged(await resumedSettings(run, changes), events);
}

/**
 * Trains by complete settings, and judges how it goes.
 *
 * @param settings Every setting.
 * @param events What is reported, and what ends it.
 * @returns Where the training stands.
 * @throws {TrainingError} If the network learned nothing; says why.
 */
export async function trainJudged(
  settings: TrainSettings,
  events: JudgedTrainEvents = {},
): Promise<TrainingState> {
  let facts: TrainingFacts = {
    ...{ settings, rows: [], startLoss: null, evaluation: null },
  };
  let best: TrainingState["best"] = null;
  const note = (line: string | undefined): void => {
    if (line !== undefined) events.onNote?.(line);
  };
  try {
    const state = await trainRun(settings, {
      ...events,
      async onStart(start) {
        const { settings, state } = start;
        facts = { ...facts, settings, rows: state.rows };
        best = state.best;
        await events.onStart?.(start);
      },
      onStep(report) {
        const { epoch, batch, loss } = report;
        if (epoch === 1 && batch === 1) facts = { ...facts, startLoss: loss };
        events.onStep?.(report);
      },
      async onEpoch(report) {
        const { row, isBest, evaluation } = report;
        if (isBest) best = row;
        facts = { ...facts, rows: [...facts.rows, row], evaluation };
        await events.onEpoch?.(report);
        if (row.epoch < facts.settings.epochs) note(describeCollapse(facts));
      },
    });
    note(describeEnd(state, settings));
    if (endOfTraining(state, settings) !== null) note(judgeTraining(facts));
    return state;
  } catch (cause) {
    if (!(cause instanceof DivergedError)) throw cause;
    throw describeDivergence(cause, facts.settings, best);
  }
}
