import type { Choice, Distribution } from "../distribution.ts";
import type { Direction, Study, Trial, TrialState } from "../study.ts";
import { creationOf } from "./_creation_of.ts";
import { named } from "./_distribution_json.ts";
import type { Action } from "./_operation.ts";
import { toStudy, toTrial } from "./_records.ts";
import { refusal } from "./_refused.ts";
import { LockedLog } from "./_locked_log.ts";
import { JournalError } from "./journal_error.ts";
import type { JournalOptions } from "./journal_options.ts";
import type { TrialOptions } from "./trial_options.ts";

/**
 * Studies in a file that Optuna's `JournalFileBackend` reads and appends to,
 * and others of this class, all at once.
 *
 * Each change is a line, appended under a lock and flushed to the disk before
 * its promise resolves. It is checked against all that stands in the file, so
 * that of two workers who want the same one gets a {@linkcode JournalError}.
 *
 * @example
 * ```ts
 * import { Journal } from "@unet/tune/journal";
 * import { assertEquals } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/studies.log`;
 * const journal = await Journal.open(path);
 * const { id } = await journal.createStudy("rate", ["maximize"]);
 * const trial = await journal.createTrial(id);
 * const distribution =
 *   { kind: "float", low: 1e-4, high: 1, log: true, step: null } as const;
 * await journal.setTrialParam(trial.id, "rate", distribution, 0.1);
 * await journal.setIntermediateValue(trial.id, 0, 0.5);
 * await journal.setTrialState(trial.id, "complete", [0.75]);
 *
 * const [study] = await (await Journal.open(path)).sync();
 * assertEquals(study?.trials[0]?.params, { rate: 0.1 });
 * assertEquals(study?.trials[0]?.values, [0.75]);
 * ```
 */
export class Journal {
  /** The file. */
  readonly path: string;
  readonly #log: LockedLog;

  private constructor(path: string, log: LockedLog) {
    this.path = path;
    this.#log = log;
  }

  /**
   * Reads a journal. There may be no file yet: the first change makes it.
   *
   * @param path The file.
   * @param options How to lock it.
   * @returns The journal.
   * @throws {FileError} If it cannot be read, or is no journal.
   * @throws {RangeError} If the time of grace is not positive.
   */
  static async open(
    path: string,
    { lock = "symlink", grace = 30 }: JournalOptions = {},
  ): Promise<Journal> {
    if (!(grace > 0)) {
      throw new RangeError(`Expected a positive time of grace, got ${grace}`);
    }
    const log = new LockedLog(path, { kind: lock, grace });
    await log.sync();
    return new Journal(path, log);
  }

  /** The studies that are not deleted, as of the last time the file was read. */
  get studies(): readonly Study[] {
    return this.#log.replay.studies;
  }

  /**
   * Reads what others have appended. Studies and trials that nobody has
   * changed are the same objects as before.
   *
   * @returns The studies.
   * @throws {FileError} If the file cannot be read, or is no journal.
   */
  async sync(): Promise<readonly Study[]> {
    await this.#log.sync();
    return this.studies;
  }

  /**
   * Begins a study.
   *
   * @param name Its name.
   * @param directions What is better, for each value of its trials.
   * @returns The study.
   * @throws {JournalError} If there is one of that name (`duplicate`).
   * @throws {RangeError} If there is no direction.
   */
  async createStudy(
    name: string,
    directions: readonly Direction[],
  ): Promise<Study> {
    if (directions.length === 0) {
      throw new RangeError("Expected at least one direction, got none");
    }
    const kind = "createStudy";
    const study = await this.#log.append(
      () => ({ kind, name, directions: [...directions] }),
      (id) => toStudy(this.#log.replay.study(id)!),
    );
    return study!;
  }

  /**
   * Removes a study and its trials from what is shown; its lines stay.
   *
   * @param studyId The study.
   * @throws {JournalError} If there is none (`absent`).
   */
  async deleteStudy(studyId: number): Promise<void> {
    await this.#append({ kind: "deleteStudy", study: studyId });
  }

  /**
   * Notes something about a study, for people and programs.
   *
   * @param studyId The study.
   * @param key The name of the note.
   * @param value Anything of JSON; NaN and infinities may be in it.
   * @throws {JournalError} If there is no such study (`absent`).
   * @throws {TypeError} If the value is not of JSON.
   */
  async setStudyUserAttribute(
    studyId: number,
    key: string,
    value: unknown,
  ): Promise<void> {
    const kind = "setStudyUserAttribute";
    await this.#append({ kind, study: studyId, key, value });
  }

  /**
   * Notes something about a study, for samplers and storages.
   *
   * @param studyId The study.
   * @param key The name of the note.
   * @param value Anything of JSON; NaN and infinities may be in it.
   * @throws {JournalError} If there is no such study (`absent`).
   * @throws {TypeError} If the value is not of JSON.
   */
  async setStudySystemAttribute(
    studyId: number,
    key: string,
    value: unknown,
  ): Promise<void> {
    const kind = "setStudySystemAttribute";
    await this.#append({ kind, study: studyId, key, value });
  }

  /**
   * Begins a trial, queues one that waits for a worker, or adds one that has
   * ended elsewhere.
   *
   * @param studyId The study.
   * @param options What it has from the start; nothing if unset.
   * @returns The trial.
   * @throws {JournalError} If there is no such study (`absent`).
   * @throws {TypeError} If an attribute is not of JSON.
   * @throws {RangeError} If a parameter lacks its distribution or does not fit
   * it, or the values do not fit the state.
   */
  async createTrial(
    studyId: number,
    options: TrialOptions = {},
  ): Promise<Trial> {
    const action = creationOf(studyId, options);
    return (await this.#log.append(() => action, (id) => this.#trial(id)))!;
  }

  /**
   * Begins a trial as {@linkcode Journal.createTrial} does, if the study is
   * such that it is wanted; of many workers at once, each sees what those
   * before it did.
   *
   * @param studyId The study.
   * @param isWanted Asked of the study while no other worker can change it.
   * @param options What it has from the start; nothing if unset.
   * @returns The trial; null where none is wanted.
   * @throws {JournalError} If there is no such study (`absent`).
   * @throws {TypeError} If an attribute is not of JSON.
   * @throws {RangeError} If a parameter lacks its distribution or does not fit
   * it, or the values do not fit the state.
   */
  async createTrialIf(
    studyId: number,
    isWanted: (study: Study) => boolean,
    options: TrialOptions = {},
  ): Promise<Trial | null> {
    const action = creationOf(studyId, options);
    return await this.#log.append(() => {
      const study = this.#log.replay.study(studyId);
      // Without a study, the line itself is refused.
      return !study || isWanted(toStudy(study)) ? action : null;
    }, (id) => this.#trial(id));
  }

  /**
   * Takes the first trial that waits, so that no other worker gets it.
   *
   * @param studyId The study.
   * @param isWanted Asked of the study while no other worker can change it; any
   * trial is wanted if unset.
   * @returns The trial, now running, or null if none waits or is wanted.
   * @throws {JournalError} If there is no such study (`absent`).
   */
  async claimWaiting(
    studyId: number,
    isWanted: (study: Study) => boolean = () => true,
  ): Promise<Trial | null> {
    const decide = (): Action | null => {
      const study = this.#log.replay.study(studyId);
      if (!study) throw refusal("take a trial of", "study", studyId, "absent");
      const trial = study.trials.find(({ state }) => state === "waiting");
      return trial && isWanted(toStudy(study)) ? runNow(trial.id) : null;
    };
    for (;;) {
      try {
        return await this.#log.append(decide, (id) => this.#trial(id));
      } catch (fault) {
        // Somebody who took the lock over got it first; the next may be free.
        const isLost = fault instanceof JournalError &&
          (fault.reason === "running" || fault.reason === "finished");
        if (!isLost) throw fault;
      }
    }
  }

  /**
   * Gives a trial a parameter.
   *
   * @param trialId The trial.
   * @param name The parameter.
   * @param distribution Where the value came from.
   * @param value The value; of a categorical parameter the choice itself.
   * @throws {JournalError} If there is no such trial, it has ended, or earlier
   * trials have the parameter from something else.
   * @throws {TypeError} If the value is of another kind.
   * @throws {RangeError} If the distribution is impossible or the value is none
   * of its choices.
   */
  async setTrialParam(
    trialId: number,
    name: string,
    distribution: Distribution,
    value: Choice,
  ): Promise<void> {
    await this.#append({
      kind: "setTrialParam",
      trial: trialId,
      name,
      distribution: named(distribution),
      value,
    });
  }

  /**
   * Moves a trial to another state; the time is noted.
   *
   * @param trialId The trial.
   * @param state Its new state.
   * @param values What was measured, a number for each direction; needed for
   * `complete`.
   * @throws {JournalError} If there is no such trial (`absent`), it has ended
   * (`finished`), or it is to run and does already (`running`).
   * @throws {RangeError} If the values fit neither the state nor the study.
   */
  async setTrialState(
    trialId: number,
    state: TrialState,
    values: readonly number[] | null = null,
  ): Promise<void> {
    await this.#append({
      kind: "setTrialState",
      trial: trialId,
      state,
      values,
      at: state === "waiting" ? null : new Date(),
    });
  }

  /**
   * Reports a value on the way of a trial, in place of an earlier one of that
   * step.
   *
   * @param trialId The trial.
   * @param step Where on the way, as in an epoch.
   * @param value The value; may be NaN or infinite.
   * @throws {JournalError} If there is no such trial, or it has ended.
   * @throws {RangeError} If the step is no whole number from 0.
   */
  async setIntermediateValue(
    trialId: number,
    step: number,
    value: number,
  ): Promise<void> {
    if (!Number.isSafeInteger(step) || step < 0) {
      throw new RangeError(`Expected a whole step from 0, got ${step}`);
    }
    await this.#append({
      kind: "setIntermediateValue",
      trial: trialId,
      step,
      value,
    });
  }

  /**
   * Notes something about a trial, for people and programs.
   *
   * @param trialId The trial.
   * @param key The name of the note.
   * @param value Anything of JSON; NaN and infinities may be in it.
   * @throws {JournalError} If there is no such trial, or it has ended.
   * @throws {TypeError} If the value is not of JSON.
   */
  async setTrialUserAttribute(
    trialId: number,
    key: string,
    value: unknown,
  ): Promise<void> {
    const kind = "setTrialUserAttribute";
    await this.#append({ kind, trial: trialId, key, value });
  }

  /**
   * Notes something about a trial, for samplers and storages.
   *
   * @param trialId The trial.
   * @param key The name of the note.
   * @param value Anything of JSON; NaN and infinities may be in it.
   * @throws {JournalError} If there is no such trial, or it has ended.
   * @throws {TypeError} If the value is not of JSON.
   */
  async setTrialSystemAttribute(
    trialId: number,
    key: string,
    value: unknown,
  ): Promise<void> {
    const kind = "setTrialSystemAttribute";
    await this.#append({ kind, trial: trialId, key, value });
  }

  async #append(action: Action): Promise<void> {
    await this.#log.append(() => action, () => undefined);
  }

  #trial(id: number): Trial {
    return toTrial(this.#log.replay.trial(id)!);
  }
}

function runNow(trial: number): Action {
  const at = new Date();
  return { kind: "setTrialState", trial, state: "running", values: null, at };
}
