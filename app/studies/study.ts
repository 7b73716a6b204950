import { join, resolve } from "@std/path";
import type { Space, Study } from "@unet/tune";
import { type LostTrial, optimize, studyOf } from "@unet/tune/run";
import type { Journal } from "@unet/tune/journal";
import type { InputValues } from "../settings/typed_values.ts";
import { clearTrials } from "./clear_trials.ts";
import { defaultSpaceOf } from "./default_space.ts";
import { openStudy } from "./open_study.ts";
import { settingsOfValues } from "./settings_of_values.ts";
import { prunerOf, samplerOf, type SearchChoices } from "./study_sampler.ts";
import { type TrialEvents, trialObjective } from "./trial_objective.ts";

/** Settings of a study of trainings. */
export interface StudyChoices extends SearchChoices {
  /** The folder of the trials' run folders; `runs/study` if not given. */
  readonly out?: string;
  /** The file, in Optuna's format; `study.journal` in `out` if not given. */
  readonly study?: string;
  /** The study in the file; "unet" if not given. */
  readonly name?: string;
  /** Trials in all, those of other workers included; 20 if not given. */
  readonly trials?: number;
  /** What is tried; the report's choices if not given. */
  readonly space?: Space;
  /** The inputs of a training that all trials share, by name. */
  readonly fixed?: InputValues;
  /** Seconds of silence after which a worker counts as dead; 120. */
  readonly grace?: number;
  /** The name of this worker; one of its own if not given. */
  readonly worker?: string;
}

/** Events of a study, and the signal that ends it. */
export interface StudyEvents extends TrialEvents {
  /** The study changed, here or by another worker. */
  onChange?(study: Study): void;
  /** A trial was left by its worker, and is tried again if there is a successor. */
  onLost?(lost: LostTrial): void;
  /** When aborted, the trial under way goes back into the queue. */
  readonly signal?: AbortSignal;
  /** Whether nothing may be fetched. */
  readonly isOffline?: boolean;
}

/** A study that is open, and how its trials are trained here. */
export interface StudyWork {
  /** The file. */
  readonly journal: Journal;
  /** The study in it. */
  readonly study: Study;
  /** What is tried. */
  readonly space: Space;
  /** The folder of the run folders. */
  readonly out: string;
  /** The inputs that all trials share, those of the machine too. */
  readonly values: InputValues;
  /** How many epochs a trial has. */
  readonly epochs: number;
}

/** Inputs that change where and how fast, but nothing of a trial's result. */
const machineInputs: readonly string[] = ["device", "workers"];

/** The values that all trials share on every machine, of those given here. */
export function sharedValues(values: InputValues): InputValues {
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => !machineInputs.includes(name)),
  );
}

/**
 * Searches for good settings of a training, as `unet tune` does in one process:
 * each trial is a run folder, and the study a file that Optuna reads.
 *
 * @param choices What is tried, how, and on which data.
 * @param events What is reported, and what ends it.
 * @returns The study as it stands at the end.
 * @throws {UsageError} If the study in the file is about something else.
 * @throws {FileError} If the file is none of a study, or cannot be written.
 */
export async function study(
  choices: StudyChoices,
  events: StudyEvents = {},
): Promise<Study> {
  const out = resolve(choices.out ?? "runs/study");
  const { name = "unet", fixed: values = {} } = choices;
  const settings = await settingsOfValues(values, "fixed"),
    { epochs } = settings;
  const { space = defaultSpaceOf(settings) } = choices;
  const opened = await openStudy({
    ...{ out, name, space },
    path: resolve(choices.study ?? join(out, "study.journal")),
    fixed: sharedValues(values),
  });
  await clearTrials(out);
  const { journal, study: { id } } = opened;
  await workOnStudy({ ...opened, out, values, epochs }, choices, events);
  return await studyOf(journal, id);
}

/**
 * Works on a study in this process until it has its trials.
 *
 * @param work The study.
 * @param choices How settings are chosen, and how many trials there are.
 * @param events What is reported, and what ends it.
 */
export async function workOnStudy(
  { journal, study, space, out, values, epochs }: StudyWork,
  choices: StudyChoices,
  events: StudyEvents,
): Promise<void> {
  const { trials = 20, grace = 120, seed = 0 } = choices;
  const { sampler, most } = samplerOf(choices, space);
  await optimize(journal, study.id, {
    ...{ sampler, space, seed, grace },
    pruner: prunerOf(choices, epochs),
    trials: Math.min(trials, most),
    objective: trialObjective({
      ...{ out, fixed: values, events },
      offline: events.isOffline ?? false,
    }),
    worker: choices.worker ?? crypto.randomUUID().slice(0, 8),
    heartbeat: Math.min(15, grace / 4),
    ...(events.signal && { signal: events.signal }),
    onChange: (study) => events.onChange?.(study),
    onLost: (lost) => events.onLost?.(lost),
  });
}
