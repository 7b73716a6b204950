import type { LockKind } from "./_file_lock.ts";

/** How a journal is opened. */
export interface JournalOptions {
  /**
   * How the lock beside the file is made: `symlink` (the default, Optuna's as
   * well) needs the permission to read and write everywhere, `exclusive` that
   * for the file's folder.
   */
  readonly lock?: LockKind;
  /** Seconds after which a lock that stays counts as left over; 30 if unset. */
  readonly grace?: number;
}
