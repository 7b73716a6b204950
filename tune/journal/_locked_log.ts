import { cannot, FileError } from "@unet/errors";
import { checkValues } from "./_check_values.ts";
import { type LockOptions, withLock } from "./_file_lock.ts";
import { appendLine, readFrom } from "./_journal_file.ts";
import type { Action } from "./_operation.ts";
import { refusalOf } from "./_refused.ts";
import { Replay } from "./_replay.ts";
import {
  type Cursor,
  newCursor,
  type Progress,
  replayLines,
} from "./_replay_lines.ts";
import { writeOperation } from "./_write_operation.ts";

/** A file of lines that several processes append to, and what they add up to. */
export class LockedLog {
  /** What the lines that were read add up to. */
  readonly replay = new Replay();
  readonly #lock: LockOptions;
  readonly #worker = `${crypto.randomUUID()}-${Deno.pid}`;
  readonly #cursor: Cursor;
  #last: Promise<unknown> = Promise.resolve();

  constructor(path: string, lock: LockOptions) {
    this.#cursor = newCursor(path);
    this.#lock = lock;
  }

  /** Reads what is new. */
  sync(): Promise<void> {
    return this.#inTurn(() => void this.#readOn());
  }

  /**
   * Appends what is decided when nobody else can append, and nothing for null.
   *
   * @param decide Gives the line; asked twice, before and under the lock.
   * @param show What to report about the study or trial, before anything else
   * changes it.
   */
  append<Result>(
    decide: () => Action | null,
    show: (id: number) => Result,
  ): Promise<Result | null> {
    return this.#inTurn(() => {
      // Before others have to wait: what is new is read, and most of what will
      // be refused is.
      this.#readOn();
      const action = decide();
      if (action === null) return null;
      this.#check(action);
      return withLock(this.#cursor.path, this.#lock, () => {
        const id = this.#appendNow(decide);
        return id === null ? null : show(id);
      });
    });
  }

  /** One call after the other, in the order in which they were made. */
  #inTurn<Result>(act: () => Result | Promise<Result>): Promise<Result> {
    const result = this.#last.then(act);
    this.#last = result.catch(() => {});
    return result;
  }

  #readOn(): Progress {
    const bytes = readFrom(this.#cursor.path, this.#cursor.bytes);
    return replayLines(bytes, this.replay, this.#cursor, this.#worker);
  }

  /** Under the lock, and at once, so that nothing comes in between. */
  #appendNow(decide: () => Action | null): number | null {
    const { isBroken } = this.#readOn();
    if (isBroken) {
      throw new FileError(
        cannot("append to", "journal", this.#cursor.path, {
          found: `no JSON in its last line, ${this.#cursor.lines + 1}`,
          remedy: "remove that line",
        }),
      );
    }
    const action = decide();
    if (action === null) return null;
    this.#check(action);
    appendLine(
      this.#cursor.path,
      writeOperation({ worker: this.#worker, action }),
    );
    const { own } = this.#readOn();
    // Others append without asking where the lock was taken over.
    if (own?.refused) throw refusalOf(action, own.refused);
    if (!own) {
      throw new FileError(
        cannot("append to", "journal", this.#cursor.path, {
          found: "no line where it was written",
          remedy: "it was replaced or truncated; open it again",
        }),
      );
    }
    return own.id;
  }

  #check(action: Action): void {
    const refused = this.replay.refusal(action);
    if (refused) throw refusalOf(action, refused);
    if (action.kind === "createTrial") {
      const { state, values } = action.template ??
        { state: "running", values: null };
      const { directions } = this.replay.study(action.study)!;
      checkValues(state, values, directions.length);
    }
    if (action.kind === "setTrialState") {
      const { directions } = this.replay.trial(action.trial)!.study;
      checkValues(action.state, action.values, directions.length);
    }
  }
}
