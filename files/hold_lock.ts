import { lockFile } from "./file_lock.ts";
import {
  describeHolder,
  howToEnd,
  type LockHolder,
  ownHost,
  parseHolder,
  thisHolder,
} from "./lock_holder.ts";

export { describeHolder, howToEnd, type LockHolder };

/** A lock whose holder is noted, held until it is disposed. */
export interface HeldLock extends Disposable {
  /** Whether the file system knows locks; some network file systems do not. */
  readonly isLocked: boolean;
  /**
   * Who noted itself and never took that back, where it may still be at work:
   * on a file system without locks, or on another machine, for some network
   * file systems lock for each machine alone.
   */
  readonly other: LockHolder | null;
}

/** The result of {@linkcode holdLock}. */
export type HoldResult =
  | { readonly lock: HeldLock }
  | { readonly holder: LockHolder | null };

/** How long a lock may be somebody's who is just going, in milliseconds. */
const patience = 400, pause = 20;

/**
 * Takes a lock as {@linkcode lockFile} does, and notes in a file beside it who
 * has it (`PATH.json`: process, machine, since when), so that others can be
 * refused in words that say whom to wait for. The note of a killed process
 * stops nobody.
 *
 * @param path The lock's file, made where it is missing.
 * @returns The lock, or who has it: null where that process could not say so.
 * @throws The system's own error, if the file cannot be made or locked.
 *
 * @example
 * ```ts
 * import { describeHolder, holdLock } from "@unet/files";
 * import { assert } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/.lock`;
 * const first = await holdLock(path);
 * assert("lock" in first);
 * using _ = first.lock;
 * const second = await holdLock(path);
 * assert("holder" in second);
 * const words = describeHolder(second.holder, "at work");
 * assert(words.startsWith(`process ${Deno.pid} `));
 * ```
 */
export async function holdLock(path: string): Promise<HoldResult> {
  const note = `${path}.json`;
  for (let waited = 0;; waited += pause) {
    const lock = await lockFile(path);
    if (lock) {
      using stack = new DisposableStack();
      stack.use(lock);
      const own = thisHolder(), before = readHolder(note);
      writeNote(note, own);
      stack.defer(() => removeNote(note, own));
      const held = stack.move();
      const isElsewhere = before !== null && before.host !== own.host;
      return {
        lock: {
          isLocked: lock.isLocked,
          other: !lock.isLocked || isElsewhere ? before : null,
          [Symbol.dispose]: () => held.dispose(),
        },
      };
    }
    if (waited >= patience) return { holder: readHolder(note) };
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/**
 * Whether a process of another machine noted itself as a lock's holder and never
 * took that back: locks of some network file systems do not reach this one.
 *
 * @param path The lock's file.
 *
 * @example
 * ```ts
 * import { isNotedElsewhere } from "@unet/files";
 * import { assert } from "@std/assert";
 *
 * assert(!isNotedElsewhere(`${await Deno.makeTempDir()}/.lock`));
 * ```
 */
export function isNotedElsewhere(path: string): boolean {
  const holder = readHolder(`${path}.json`);
  return holder !== null && holder.host !== ownHost();
}

/**
 * Says what a person should know of a lock that may not keep everybody out.
 *
 * @param lock The lock.
 * @param name What it is of, to begin the sentence: "The run".
 * @param doing What its holders do, as in "training there".
 * @returns A sentence; null where the lock keeps everybody out.
 *
 * @example
 * ```ts
 * import { describeWeakLock } from "@unet/files";
 * import { assertEquals } from "@std/assert";
 *
 * const lock = { isLocked: true, other: null };
 * assertEquals(describeWeakLock(lock, "The run", "training there"), null);
 * ```
 */
export function describeWeakLock(
  { isLocked, other }: Pick<HeldLock, "isLocked" | "other">,
  name: string,
  doing: string,
): string | null {
  const who = other && describeHolder(other, doing);
  if (!isLocked) {
    return `${name} is on a file system without locks: make sure that no other ` +
      `process is ${doing}${who ? ` (last noted: ${who})` : ""}`;
  }
  return who &&
    `${name} was not given back by ${who}: if that process still runs, end ` +
      "it, for locks of some network file systems do not reach other machines";
}

/** Who noted itself; null where nobody did, or in the middle of it. */
function readHolder(note: string): LockHolder | null {
  try {
    return parseHolder(Deno.readTextFileSync(note));
  } catch (cause) {
    if (
      cause instanceof Deno.errors.NotFound ||
      cause instanceof Deno.errors.PermissionDenied
    ) return null;
    throw cause;
  }
}

/** At once, so that nobody reads the name of whoever had the lock before. */
function writeNote(note: string, own: LockHolder): void {
  try {
    // A new file, for the old one may be another user's, or a link.
    Deno.removeSync(note);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  }
  const text = JSON.stringify(own) + "\n";
  Deno.writeTextFileSync(note, text, { createNew: true });
}

/** The note may lie elsewhere by now, or be another's. */
function removeNote(note: string, own: LockHolder): void {
  try {
    const now = readHolder(note);
    if (JSON.stringify(now) === JSON.stringify(own)) Deno.removeSync(note);
  } catch {
    // A note that stays stops nobody.
  }
}
