import type {
  DoneEvent,
  FailedEvent,
  ManifestEvent,
} from "./manifest_event.ts";

/** The state of one file in a manifest. */
export interface FileState {
  /** The file's path below the folder that was given, with "/". */
  readonly name: string;
  /** When the last of it happened. */
  readonly at: string;
  /**
   * Outputs that were begun and not finished since; they are the program's own,
   * and it may replace them.
   */
  readonly begun: readonly string[];
  /** Whether outputs were begun since the file was finished. */
  readonly isOpen: boolean;
  /** How it was finished, without the outputs that were begun since. */
  readonly done?: DoneEvent;
  /** Why it failed, if nothing came after that. */
  readonly failed?: FailedEvent;
}

/**
 * Computes a file's state after an event.
 *
 * @param before The state before, if there was one.
 * @param event The event; others than a file's change nothing.
 * @returns The state after it.
 */
export function stateAfter(
  before: FileState | undefined,
  event: Extract<ManifestEvent, { name: string }>,
): FileState {
  const { name, at } = event, begun = before?.begun ?? [];
  switch (event.event) {
    case "start":
      return {
        ...{ name, at, isOpen: true, begun: union(begun, event.outputs) },
        ...before?.done ? { done: without(before.done, event.outputs) } : {},
      };
    case "done": {
      const written = new Set(event.outputs.map(({ path }) => path));
      const left = begun.filter((output) => !written.has(output));
      return { name, at, begun: left, isOpen: false, done: event };
    }
    case "failed":
      // A file that was refused before any output was begun is still done.
      return { begun, isOpen: false, ...before, name, at, failed: event };
  }
}

/**
 * Whether a file is finished: nothing of it was begun or failed since.
 *
 * @param state The state.
 * @returns Whether it is.
 */
export function isFinished(
  { done, isOpen, failed }: FileState,
): boolean {
  return done !== undefined && !isOpen && failed === undefined;
}

/**
 * Puts together what two manifests say about one file. Outputs that either
 * began are remembered, and then they are not done, unless the file was done
 * after all that the other says. Of equal times, what was begun counts as the
 * last, and what failed as later than what was done: rather is a file done once
 * more than a half written one taken for done. Of the like, the other's counts.
 *
 * @param one What one says.
 * @param other What the other says.
 * @returns What came last.
 */
export function latestState(one: FileState, other: FileState): FileState {
  const isInOrder = one.at < other.at ||
    one.at === other.at && rank(one) <= rank(other);
  const [first, last] = isInOrder ? [one, other] : [other, one];
  if (last.done && first.at < last.done.at) {
    const written = new Set(last.done.outputs.map(({ path }) => path));
    const left = first.begun.filter((output) => !written.has(output));
    return { ...last, begun: union(left, last.begun) };
  }
  const { done: _, ...rest } = last;
  const begun = union(first.begun, last.begun);
  const done = [first.done, last.done].reduce((a, b) =>
    !a || b && b.at >= a.at ? b : a
  );
  return {
    ...rest,
    ...{ begun, isOpen: first.isOpen || last.isOpen },
    ...done ? { done: without(done, begun) } : {},
  };
}

/** Which of two states of equal times is taken for the later one. */
function rank({ isOpen, failed }: FileState): number {
  return isOpen ? 2 : failed ? 1 : 0;
}

function union(
  one: readonly string[],
  other: readonly string[],
): readonly string[] {
  return [...new Set([...one, ...other])];
}

function without(done: DoneEvent, begun: readonly string[]): DoneEvent {
  const outputs = done.outputs.filter(({ path }) => !begun.includes(path));
  return outputs.length === done.outputs.length ? done : { ...done, outputs };
}
