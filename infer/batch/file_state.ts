import type {
  DoneEvent,
  FailedEvent,
  ManifestEvent,
} from "./manifest_event.ts";

/** What a manifest says about one file. */
export interface FileState {
  /** The file's path below the folder that was given, with "/". */
  readonly name: string;
  /** When the last of it happened. */
  readonly at: string;
  /**
   * Outputs that were begun and not finished; they are the program's own, and
   * it may replace them.
   */
  readonly begun: readonly string[];
  /** How it was finished, unless outputs were begun anew since. */
  readonly done?: DoneEvent;
  /** Why it failed, if nothing came after that. */
  readonly failed?: FailedEvent;
}

/**
 * What a file's state is after an event.
 *
 * @param before The state before, if there was one.
 * @param event The event; others than a file's change nothing.
 * @returns The state after it.
 */
export function stateAfter(
  before: FileState | undefined,
  event: Extract<ManifestEvent, { name: string }>,
): FileState {
  const { name, at } = event;
  switch (event.event) {
    case "start": {
      const begun = [...new Set([...before?.begun ?? [], ...event.outputs])];
      return { name, at, begun };
    }
    case "done":
      return { name, at, begun: [], done: event };
    case "failed":
      // A file that was refused before any output was begun is still done.
      return { begun: [], ...before, name, at, failed: event };
  }
}

/**
 * Puts together what two manifests say about one file. Outputs that either
 * began are remembered, and then the file is not done, unless it was done after
 * all that the other says.
 *
 * @param one What one says.
 * @param other What the other says.
 * @returns What came last.
 */
export function latestState(one: FileState, other: FileState): FileState {
  const [first, last] = one.at <= other.at ? [one, other] : [other, one];
  const { done, ...rest } = last;
  if (done && (first.begun.length === 0 || first.at <= done.at)) return last;
  const begun = [...new Set([...first.begun, ...last.begun])];
  const isKept = first.done !== undefined && begun.length === 0;
  return { ...rest, begun, ...isKept ? { done: first.done } : {} };
}
