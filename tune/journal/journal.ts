import { cannot, FileError } from "@unet/errors";
import type { Choice, Distribution, Space } from "../distribution.ts";
import type { Direction, Study, Trial, TrialState } from "../study.ts";
import { named } from "./_distribution_json.ts";
import { type LockKind, withLock } from "./_file_lock.ts";
import { appendLine, readFrom } from "./_journal_file.ts";
import { type Action, isFinished } from "./_operation.ts";
import { toStudy, toTrial } from "./_records.ts";
import { Replay } from "./_replay.ts";
import {
  type Cursor,
  newCursor,
  type Progress,
  replayLines,
} from "./_replay_lines.ts";
import { writeOperation } from "./_write_operation.ts";
import { JournalError, type Refusal } from "./journal_error.ts";

/** How a journal is opened. */
export interface JournalOptions {
  /**
   * How the lock beside the file is made: `symlink` (the default, Optuna's as
   * well) needs the permission to read and write everywhere, `exclusive` only
   * that for the lock's file and its name while it is removed.
   */
  readonly lock?: LockKind;
  /** Seconds after which a lock that stays counts as left over; 30 if unset. */
  readonly grace?: number;
}

/** What a trial is created with. */
export interface TrialOptions {
  /** Where it stands; `running` if unset. */
  readonly state?: TrialState;
  /** What was measured, a number for each direction. */
  readonly values?: readonly number[];
  /** Its parameters, each with a distribution. */
  readonly params?: Readonly<Record<string, Choice>>;
  /** Where each of the parameters came from. */
  readonly distributions?: Space;
  /** What was reported on the way, by step. */
  readonly intermediateValues?: ReadonlyMap<number, number>;
  /** What people and programs note. */
  readonly userAttributes?: Readonly<Record<string, unknown>>;
  /** What samplers and storages note. */
  readonly systemAttributes?: Readonly<Record<string, unknown>>;
  /** When it began; now if unset, but for one that waits. */
  readonly started?: Date;
  /** When it ended; now if unset and it has. */
  readonly completed?: Date;
}

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
  readonly #lock: { readonly kind: LockKind; readonly grace: number };
  readonly #worker = `${crypto.randomUUID()}-${Deno.pid}`;
  readonly #replay = new Replay();
  readonly #cursor: Cursor;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(path: string, { lock, grace }: JournalOptions) {
    this.path = path;
    this.#cursor = newCursor(path);
    this.#lock = { kind: lock ?? "symlink", grace: grace ?? 30 };
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
  static open(path: string, options: JournalOptions = {}): Promise<Journal> {
    const { grace = 30 } = options;
    if (!(grace > 0)) {
      throw new RangeError(`Expected a positive time of grace, got ${grace}`);
    }
    const journal = new Journal(path, options);
    return journal.sync().then(() => journal);
  }

  /** The studies that are not deleted, as of the last time the file was read. */
  get studies(): readonly Study[] {
    return this.#replay.studies;
  }

  /**
   * Reads what others have appended. Studies and trials that nobody has
   * changed are the same objects as before.
   *
   * @returns The studies.
   * @throws {FileError} If the file cannot be read, or is no journal.
   */
  sync(): Promise<readonly Study[]> {
    return this.#inTurn(() => {
      this.#readOn();
      return this.#replay.studies;
    });
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
    const id = await this.#append({
      kind: "createStudy",
      name,
      directions: [...directions],
    });
    return toStudy(this.#replay.study(id)!);
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
   * @param onlyIf Asked of the study while no other worker can change it; where
   * it says no, there is no trial.
   * @returns The trial; null where `onlyIf` said no.
   * @throws {JournalError} If there is no such study (`absent`).
   * @throws {TypeError} If an attribute is not of JSON.
   * @throws {RangeError} If a parameter lacks its distribution or does not fit
   * it, or the values do not fit the state.
   */
  async createTrial(studyId: number, options?: TrialOptions): Promise<Trial>;
  async createTrial(
    studyId: number,
    options: TrialOptions,
    onlyIf: (study: Study) => boolean,
  ): Promise<Trial | null>;
  async createTrial(
    studyId: number,
    options: TrialOptions = {},
    onlyIf?: (study: Study) => boolean,
  ): Promise<Trial | null> {
    const { state = "running", values = null } = options;
    const { params = {}, distributions = {} } = options;
    checkValues(state, values);
    const names = new Set(Object.keys(params));
    if (
      names.size !== Object.keys(distributions).length ||
      Object.keys(distributions).some((name) => !names.has(name))
    ) {
      throw new RangeError(
        `Expected a distribution for each parameter, got those of ${
          Object.keys(distributions).join(", ") || "none"
        } for ${[...names].join(", ") || "none"}`,
      );
    }
    const now = new Date();
    const action: Action & { kind: "createTrial" } = {
      kind: "createTrial",
      study: studyId,
      started: options.started ?? (state === "waiting" ? null : now),
      template: Object.keys(options).length === 0 ? null : {
        state,
        values,
        completed: isFinished(state) ? options.completed ?? now : null,
        params: new Map(Object.entries(params)),
        distributions: new Map(
          Object.entries(distributions)
            .map(([name, distribution]) => [name, named(distribution)]),
        ),
        userAttributes: new Map(Object.entries(options.userAttributes ?? {})),
        systemAttributes: new Map(
          Object.entries(options.systemAttributes ?? {}),
        ),
        intermediateValues: new Map(options.intermediateValues),
      },
    };
    const id = await this.#appendIf((): Action | null => {
      const study = this.#replay.study(studyId);
      return !onlyIf || !study || onlyIf(toStudy(study)) ? action : null;
    });
    return id === null ? null : toTrial(this.#replay.trial(id)!);
  }

  /**
   * Takes the first trial that waits, so that no other worker gets it.
   *
   * @param studyId The study.
   * @param onlyIf Asked of the study while no other worker can change it; where
   * it says no, none is taken.
   * @returns The trial, now running, or null if none waits or `onlyIf` said no.
   * @throws {JournalError} If there is no such study (`absent`).
   */
  async claimWaiting(
    studyId: number,
    onlyIf: (study: Study) => boolean = () => true,
  ): Promise<Trial | null> {
    const id = await this.#appendIf(() => {
      const study = this.#replay.study(studyId);
      if (!study) throw refusal("take a trial of", "study", studyId, "absent");
      const trial = study.trials.find(({ state }) => state === "waiting");
      return trial && onlyIf(toStudy(study))
        ? {
          kind: "setTrialState",
          trial: trial.id,
          state: "running",
          values: null,
          at: new Date(),
        }
        : null;
    });
    return id === null ? null : toTrial(this.#replay.trial(id)!);
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
   * @throws {RangeError} If the values do not fit the state.
   */
  async setTrialState(
    trialId: number,
    state: TrialState,
    values: readonly number[] | null = null,
  ): Promise<void> {
    checkValues(state, values);
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

  /** One call after the other, in the order in which they were made. */
  #inTurn<Result>(act: () => Result | Promise<Result>): Promise<Result> {
    const result = this.#last.then(act);
    this.#last = result.catch(() => {});
    return result;
  }

  #readOn(): Progress {
    const bytes = readFrom(this.path, this.#cursor.bytes);
    return replayLines(bytes, this.#replay, this.#cursor, this.#worker);
  }

  async #append(action: Action): Promise<number> {
    return (await this.#appendIf(() => action))!;
  }

  /** What to append is decided when no one else can. */
  #appendIf(decide: () => Action | null): Promise<number | null> {
    return this.#inTurn(() => {
      // Most of what is new is read before others have to wait.
      this.#readOn();
      return withLock(this.path, this.#lock, () => this.#appendNow(decide));
    });
  }

  #appendNow(decide: () => Action | null): number | null {
    const { isBroken } = this.#readOn();
    if (isBroken) {
      throw new FileError(
        cannot("append to", "journal", this.path, {
          found: `no JSON in its last line, ${this.#cursor.lines + 1}`,
          remedy: "remove that line",
        }),
      );
    }
    const action = decide();
    if (action === null) return null;
    const refused = this.#replay.refusal(action);
    if (refused) throw refusalOf(action, refused);
    appendLine(this.path, writeOperation({ worker: this.#worker, action }));
    const { own } = this.#readOn();
    // Others append without asking where the lock was taken over.
    if (own?.refused) throw refusalOf(action, own.refused);
    if (!own) {
      throw new FileError(
        cannot("append to", "journal", this.path, {
          found: "no trace of the line that was written",
          remedy: "it was replaced or cut; open it again",
        }),
      );
    }
    return own.id;
  }
}

function checkValues(
  state: TrialState,
  values: readonly number[] | null,
): void {
  if (state === "complete" && !values?.length) {
    throw new RangeError("Expected values of a complete trial, got none");
  }
  if (state === "complete" && values?.some(Number.isNaN)) {
    throw new RangeError("Expected numbers of a complete trial, got NaN");
  }
  if (state === "failed" && values !== null) {
    throw new RangeError(`Expected no values of a failed trial, got ${values}`);
  }
}

/** What cannot be done, and to what, for a message. */
const verbs: Readonly<Record<Action["kind"], string>> = {
  createStudy: "create",
  deleteStudy: "delete",
  setStudyUserAttribute: "note an attribute of",
  setStudySystemAttribute: "note an attribute of",
  createTrial: "create a trial of",
  setTrialParam: "set a parameter of",
  setTrialState: "set the state of",
  setIntermediateValue: "report a value of",
  setTrialUserAttribute: "note an attribute of",
  setTrialSystemAttribute: "note an attribute of",
  discardTrials: "discard",
};

const found: Readonly<Record<Refusal, string>> = {
  duplicate: "a study of that name",
  absent: "none of that number",
  finished: "that it has ended",
  running: "that it runs already",
  incompatible: "another kind, scale or list of choices in earlier trials",
};

function refusalOf(action: Action, refused: Refusal): JournalError {
  const verb = verbs[action.kind];
  if (action.kind === "createStudy") {
    return refusal(verb, "study", action.name, refused);
  }
  return "trial" in action
    ? refusal(verb, "trial", action.trial, refused)
    : refusal(verb, "study", "study" in action ? action.study : "", refused);
}

function refusal(
  verb: string,
  thing: string,
  name: string | number,
  reason: Refusal,
): JournalError {
  return new JournalError(
    cannot(verb, thing, String(name), { found: found[reason] }),
    reason,
  );
}
