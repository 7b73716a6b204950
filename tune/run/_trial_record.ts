import type { Choice } from "../distribution.ts";
import type { Journal } from "../journal/mod.ts";
import type { Pruner } from "../sampling/mod.ts";
import type { Study, Trial } from "../study.ts";
import { LostTrialError, type RunningTrial } from "./objective.ts";
import { studyOf } from "./queue_again.ts";
import { retryHistory } from "./started_trials.ts";
import { trialAttributes } from "./trial_attributes.ts";

/** What a record is made with. */
interface TrialRecordOptions {
  readonly pruner: Pruner;
  readonly heartbeat: number;
  readonly signal?: AbortSignal;
  readonly worker?: string;
  readonly onChange?: (study: Study) => void;
}

/**
 * The one trial that a worker is at: writes what comes of it, and beats until
 * it is disposed. A heartbeat that cannot be written aborts the trial.
 */
export class TrialRecord {
  readonly #journal: Journal;
  readonly #studyId: number;
  readonly #trial: Trial;
  readonly #options: TrialRecordOptions;
  readonly #broken = new AbortController();
  readonly #timer: ReturnType<typeof setInterval>;
  #beating: Promise<void> = Promise.resolve();
  #last: { step: number; value: number } | undefined;

  constructor(
    journal: Journal,
    studyId: number,
    trial: Trial,
    options: TrialRecordOptions,
  ) {
    this.#journal = journal;
    this.#studyId = studyId;
    this.#trial = trial;
    this.#options = options;
    this.#timer = setInterval(() => {
      this.#beating = this.beat().catch((error) => this.#broken.abort(error));
    }, 1000 * options.heartbeat);
  }

  /** What was reported at the last step. */
  get lastValue(): number | undefined {
    return this.#last?.value;
  }

  /** Says that the worker is alive. */
  async beat(): Promise<void> {
    const { id, systemAttributes } = this.#trial;
    const { worker } = this.#options;
    await this.#journal.setTrialSystemAttribute(
      id,
      trialAttributes.heartbeat,
      new Date().toISOString(),
    );
    if (
      worker === undefined ||
      systemAttributes[trialAttributes.worker] === worker
    ) return;
    await this.#journal.setTrialSystemAttribute(
      id,
      trialAttributes.worker,
      worker,
    );
  }

  /** Reports to whoever shows the study. */
  async reportChange(): Promise<void> {
    this.#options.onChange?.(await studyOf(this.#journal, this.#studyId));
  }

  async setUserAttribute(key: string, value: unknown): Promise<void> {
    await this.#journal.setTrialUserAttribute(this.#trial.id, key, value);
  }

  /** The trial as its objective sees it. */
  running(params: Readonly<Record<string, Choice>>): RunningTrial {
    const { number, userAttributes } = this.#trial;
    const { signal } = this.#options;
    return {
      number,
      params,
      userAttributes,
      previous: retryHistory(this.#trial),
      signal: AbortSignal.any([
        this.#broken.signal,
        ...signal ? [signal] : [],
      ]),
      report: async (step, value) => await this.#report(step, value),
      shouldPrune: async () => await this.#shouldPrune(),
      setUserAttribute: async (key, value) =>
        await this.setUserAttribute(key, value),
    };
  }

  async #report(step: number, value: number): Promise<void> {
    await this.#current();
    await this.#journal.setIntermediateValue(this.#trial.id, step, value);
    if (!this.#last || step >= this.#last.step) this.#last = { step, value };
    await this.reportChange();
  }

  async #shouldPrune(): Promise<boolean> {
    const { study, trial } = await this.#current();
    const verdict = this.#options.pruner.shouldPrune(study, trial);
    for (const [key, value] of Object.entries(verdict.systemAttributes)) {
      await this.#journal.setTrialSystemAttribute(trial.id, key, value);
    }
    return verdict.prune;
  }

  /** The trial as the file has it now, still this worker's. */
  async #current(): Promise<{ study: Study; trial: Trial }> {
    const study = await studyOf(this.#journal, this.#studyId);
    const { number } = this.#trial;
    const trial = study.trials[number];
    if (trial?.state === "running") return { study, trial };
    throw new LostTrialError(number);
  }

  /** Ends the trial; if another worker has taken it for dead, its end stays. */
  async finish(
    state: "complete" | "pruned" | "failed",
    value?: number,
  ): Promise<void> {
    await this.#stopBeating();
    await this.#journal.setTrialState(
      this.#trial.id,
      state,
      value === undefined ? undefined : [value],
    );
    await this.reportChange();
  }

  /** Puts the trial back into the queue, with its number and parameters. */
  async putBack(): Promise<void> {
    await this.#stopBeating();
    const study = await studyOf(this.#journal, this.#studyId);
    const { id, number } = this.#trial;
    if (study.trials[number]?.state !== "running") return;
    // Whoever takes it next may be one that has no heart.
    const { heartbeat } = trialAttributes;
    await this.#journal.setTrialSystemAttribute(id, heartbeat, null);
    await this.#journal.setTrialState(id, "waiting");
    await this.reportChange();
  }

  async #stopBeating(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beating;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stopBeating();
  }
}
