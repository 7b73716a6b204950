import { UnetError } from "@unet/errors";
import { Load } from "./_load.ts";
import type { Room } from "./room.ts";

/** The stages for each item, in this order. */
export interface Stages<Item, Input, Output, Result> {
  /**
   * Gets what the work needs, while earlier items are at work.
   *
   * @param signal Ends it early, once its result is of no use any more.
   */
  readonly read: (item: Item, signal: AbortSignal) => Promise<Input>;
  /** Does the work; for one item at a time. */
  readonly work: (
    input: Input,
    item: Item,
    signal: AbortSignal,
  ) => Promise<Output>;
  /**
   * Stores what came of it, while the next item is at work. It
   * runs to its end even after an abort, so that finished work is kept.
   */
  readonly write: (output: Output, item: Item) => Promise<Result>;
  /** Frees what was read and never worked on. */
  readonly release?: (input: Input, item: Item) => Promise<void> | void;
}

/** The result of an item: `"error" in outcome`, or its value. */
export type Outcome<Item, Result> =
  | { readonly item: Item; readonly result: Result }
  | { readonly item: Item; readonly error: Error };

/** How much is under way at once, and who is notified. */
export interface OverlapOptions<Item, Result, Input = never> {
  /** Items that are read before their turn, at most; 1 by default. */
  readonly ahead?: number;
  /** Items that are written and not reported yet, at most; 1 by default. */
  readonly behind?: number;
  /** Keeps more than one item ahead and one behind to small items. */
  readonly room?: Room<Item, Input>;
  /**
   * Whether an error belongs to its item, so that the others continue; any
   * `UnetError` by default. Every other error ends the whole.
   */
  readonly isFault?: (error: Error) => boolean;
  /** Ends the whole when it is aborted; what was worked on is still written. */
  readonly signal?: AbortSignal;
  /**
   * Called once for each finished item, in the order of the items; the next
   * call waits for what it returns.
   */
  readonly onOutcome?: (outcome: Outcome<Item, Result>) => unknown;
}

/**
 * Works on items one by one, in order, and reads the next ones and writes the
 * last ones meanwhile.
 *
 * At most `1 + ahead` items are read and not yet being written, the one at
 * work among them, and at most `behind` are written and not reported, so memory is bounded
 * for any number of items; `items` is drawn from only as they are needed. With
 * `room`, large items are read one ahead and written one at a time, while many
 * small ones may be under way: work that holds the thread leaves little time
 * between two items, in which the reading of each gets only a step further.
 *
 * @param items The items.
 * @param stages How one is read, worked on and written.
 * @param options How much is under way at once, and who is notified.
 * @throws {RangeError} If `ahead` or `behind` is out of its range.
 * @throws The first error that belongs to no item, or the signal's reason.
 * Nothing is under way any more then, and what was read is released.
 *
 * @example
 * ```ts
 * import { type Outcome, overlap } from "@unet/infer/batch";
 * import { FileError } from "@unet/errors";
 * import { assertEquals } from "@std/assert";
 *
 * const outcomes: string[] = [];
 * await overlap(["a", "b", "c"], {
 *   read: (name) =>
 *     name === "b"
 *       ? Promise.reject(new FileError("no b"))
 *       : Promise.resolve(name.toUpperCase()),
 *   work: (text) => Promise.resolve(text + text),
 *   write: (text) => Promise.resolve(text),
 * }, {
 *   onOutcome: (outcome: Outcome<string, string>) =>
 *     outcomes.push("error" in outcome ? outcome.error.message : outcome.result),
 * });
 * assertEquals(outcomes, ["AA", "no b", "CC"]);
 * ```
 */
export async function overlap<Item, Input, Output, Result>(
  items: Iterable<Item>,
  stages: Stages<Item, Input, Output, Result>,
  options: OverlapOptions<Item, Result, Input> = {},
): Promise<void> {
  const { ahead = 1, behind = 1, room, signal, onOutcome } = options;
  checkCount("ahead", ahead, 0);
  checkCount("behind", behind, 1);
  const isFault = options.isFault ?? ((error) => error instanceof UnetError);
  signal?.throwIfAborted();

  const source = items[Symbol.iterator]();
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(signal!.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  const reading: Reading<Item, Input>[] = [];
  const writing = new Set<Promise<void>>();
  const load = new Load(room);
  const reports = new Reports(stop, isFault, onOutcome);
  let next: IteratorResult<Item> | undefined;

  const readOn = (): void => {
    while (reading.length <= ahead && !stop.signal.aborted) {
      next ??= source.next();
      if (next.done) return;
      const { value: item } = next;
      if (reading.length > 1 && !load.takes(item)) return;
      next = undefined;
      load.expect(item);
      const input = settle(() => stages.read(item, stop.signal));
      reading.push({ item, input });
    }
  };
  const begin = (output: Output, item: Item): void => {
    const written = settle(() => stages.write(output, item))
      .then((ended) => outcomeOf(item, ended));
    // Until it is reported: a report may end the whole before more are begun.
    const task = reports.add(written).then(() => {
      load.forget(item);
      writing.delete(task);
    });
    writing.add(task);
  };

  try {
    for (;;) {
      const begun = attempt(readOn);
      if ("error" in begun) stop.abort(begun.error);
      const first = reading[0];
      if (!first || stop.signal.aborted) break;
      const { item } = first, input = await first.input;
      if (stop.signal.aborted) break;
      reading.shift();
      if ("value" in input) load.set(item, input.value);
      const output = "error" in input
        ? input
        : await settle(() => stages.work(input.value, item, stop.signal));
      if ("error" in output) {
        load.forget(item);
        reports.add(Promise.resolve({ item, error: output.error }));
        // So that an error of the code ends the whole before the next item.
        if (!isFault(output.error)) await reports.all;
        continue;
      }
      while (writing.size >= behind || writing.size > 0 && load.isFull) {
        await Promise.race(writing);
      }
      begin(output.value, item);
    }
  } finally {
    await reports.all;
    const fault = await releaseAll(reading, stages);
    if (fault) stop.abort(fault.error);
    source.return?.();
    signal?.removeEventListener("abort", onAbort);
  }
  stop.signal.throwIfAborted();
}

/** Reports outcomes in the order of the items, one after the other. */
class Reports<Item, Result> {
  readonly #stop: AbortController;
  readonly #isFault: (error: Error) => boolean;
  readonly #onOutcome: OverlapOptions<Item, Result>["onOutcome"];
  /** Kept once all so far are reported. */
  all: Promise<void> = Promise.resolve();

  constructor(
    stop: AbortController,
    isFault: (error: Error) => boolean,
    onOutcome: OverlapOptions<Item, Result>["onOutcome"],
  ) {
    this.#stop = stop;
    this.#isFault = isFault;
    this.#onOutcome = onOutcome;
  }

  /** Reports an outcome when it is there, and those before are reported. */
  add(outcome: Promise<Outcome<Item, Result>>): Promise<void> {
    return this.all = this.all.then(async () =>
      await this.#report(await outcome)
    );
  }

  /** Ends the whole for an error that belongs to no item. */
  async #report(outcome: Outcome<Item, Result>): Promise<void> {
    if ("error" in outcome && !this.#isFault(outcome.error)) {
      this.#stop.abort(outcome.error);
    } else if (!isEndOf(this.#stop.signal, outcome)) {
      const called = await settle(async () => await this.#onOutcome?.(outcome));
      if ("error" in called) this.#stop.abort(called.error);
    }
  }
}

/** An item that is being read. */
interface Reading<Item, Input> {
  readonly item: Item;
  readonly input: Promise<Settled<Input>>;
}

/** Releases what was read and not worked on; the first error is given. */
async function releaseAll<Item, Input>(
  reading: readonly Reading<Item, Input>[],
  { release }: Pick<Stages<Item, Input, never, never>, "release">,
): Promise<{ readonly error: Error } | undefined> {
  let fault: { readonly error: Error } | undefined;
  for (const { item, input } of reading) {
    const read = await input;
    if ("error" in read) continue;
    const released = await settle(async () =>
      await release?.(read.value, item)
    );
    if ("error" in released) fault ??= released;
  }
  return fault;
}

type Settled<T> = { readonly value: T } | { readonly error: Error };

async function settle<T>(call: () => Promise<T>): Promise<Settled<T>> {
  try {
    return { value: await call() };
  } catch (cause) {
    return { error: asError(cause) };
  }
}

function attempt<T>(call: () => T): Settled<T> {
  try {
    return { value: call() };
  } catch (cause) {
    return { error: asError(cause) };
  }
}

function asError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause), { cause });
}

function outcomeOf<Item, Result>(
  item: Item,
  ended: Settled<Result>,
): Outcome<Item, Result> {
  return "error" in ended
    ? { item, error: ended.error }
    : { item, result: ended.value };
}

/** Whether an item failed only because the whole was being ended. */
function isEndOf<Item, Result>(
  signal: AbortSignal,
  outcome: Outcome<Item, Result>,
): boolean {
  return signal.aborted && "error" in outcome &&
    outcome.error === signal.reason;
}

function checkCount(name: string, value: number, minimum: number): void {
  if (Number.isInteger(value) && value >= minimum) return;
  throw new RangeError(
    `Cannot overlap: found ${name} ${value}, expected a whole number from ` +
      minimum,
  );
}
