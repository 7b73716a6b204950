import { type ClassArea, sumClassAreas } from "../outputs/class_areas.ts";
import { type ClassCount, sumClassCounts } from "../outputs/class_counts.ts";
import { type FileState, isFinished, latestState } from "./file_state.ts";
import type { DoneEvent, ManifestEvent, RunEvent } from "./manifest_event.ts";
import type { ManifestContent } from "./read_manifest.ts";
import { recordsOf } from "./records.ts";

/** One of the manifests that were merged. */
export interface ManifestSummary {
  /** Its path. */
  readonly path: string;
  /** Its shard, as in "2/8"; absent for a whole batch. */
  readonly shard?: string;
  /** Whether its last run went through all its files. */
  readonly ended: boolean;
  /** Files that are done by it. */
  readonly done: number;
  /** Files that it could not segment. */
  readonly failed: number;
  /** Files that it began and never finished. */
  readonly unfinished: number;
  /** Seconds that its finished files took. */
  readonly seconds: number;
}

/** A file about which two manifests differ. */
export interface Conflict {
  /** The file. */
  readonly name: string;
  /** The manifests; what the last one says is taken. */
  readonly manifests: readonly string[];
  /** What differs. */
  readonly differs: readonly ("content" | "setup" | "outputs")[];
}

/** The result of a batch. */
export interface BatchSummary {
  /** The version of this format. */
  readonly version: 1;
  /** Files that any manifest knows. */
  readonly files: number;
  /** Files that are done. */
  readonly done: number;
  /** Files that could not be segmented. */
  readonly failed: number;
  /** Files that were begun and never finished. */
  readonly unfinished: number;
  /** Seconds that the finished files took, on all machines together. */
  readonly seconds: number;
  /** Bytes of the finished inputs. */
  readonly bytes: number;
  /** What was counted, summed over the finished files. */
  readonly counts: Readonly<Record<string, number>>;
  /** The area of each class over the finished files that have classes. */
  readonly classes: readonly ClassArea[];
  /** The objects of each class over the files whose objects have classes. */
  readonly objectClasses: readonly ClassCount[];
  /** The setups that finished files were made with. */
  readonly setups: readonly {
    /** Its id. */
    readonly id: string;
    /** The model's hash; absent where no run specifies it. */
    readonly model?: string;
    /** Its settings; absent where no run specifies them. */
    readonly settings?: Readonly<Record<string, unknown>>;
    /** Files made with it. */
    readonly files: number;
  }[];
  /** The manifests, results of earlier merges left out. */
  readonly manifests: readonly ManifestSummary[];
  /** Shards that left no manifest, as in "3/8". */
  readonly missingShards: readonly string[];
  /** Files that several manifests finished, with the same result. */
  readonly repeated: number;
  /** Files that several manifests finished differently. */
  readonly conflicts: readonly Conflict[];
  /** Files that could not be segmented, and why. */
  readonly failures: readonly {
    /** The file. */
    readonly name: string;
    /** Its path as the person gave it. */
    readonly input: string;
    /** Why. */
    readonly error: string;
  }[];
  /** Lines that are no part of a manifest. */
  readonly faults: readonly string[];
}

/** Several manifests in one. */
export interface MergedManifest {
  /** Its lines, in order. */
  readonly events: readonly ManifestEvent[];
  /** What is known of each file, in natural order. */
  readonly states: readonly FileState[];
  /** What became of the batch. */
  readonly summary: BatchSummary;
}

/**
 * Merges manifests: of each file, what was said last. An event that is in
 * several of them, as after an earlier merge, counts once.
 *
 * @param contents The manifests, their outputs' paths below one folder.
 * @returns One manifest, and a summary.
 *
 * @example
 * ```ts
 * import { mergeManifests } from "@unet/infer/batch";
 * import { assertEquals } from "@std/assert";
 *
 * const { summary } = mergeManifests([]);
 * assertEquals(summary.files, 0);
 * ```
 */
export function mergeManifests(
  contents: readonly ManifestContent[],
): MergedManifest {
  const states = new Map<string, FileState>();
  const finished = new Map<string, { path: string; done: DoneEvent }[]>();
  for (const { path, files } of contents) {
    for (const [name, state] of files) {
      const other = states.get(name);
      states.set(name, other ? latestState(other, state) : state);
      if (state.done) {
        const list = finished.get(name);
        const each = { path, done: state.done };
        if (list) list.push(each);
        else finished.set(name, [each]);
      }
    }
  }
  const sorted = recordsOf(states);
  const runs = runsOf(contents);
  const summary = summarize(contents, sorted, runs, finished);
  const isWhole = summary.missingShards.length === 0 &&
    summary.manifests.every(({ ended }) => ended);
  const at = [...runs, ...sorted].reduce(
    (last, each) => each.at > last ? each.at : last,
    "",
  );
  const events: ManifestEvent[] = [
    ...runs,
    ...sorted.flatMap(eventsOf),
    ...batchEventsOf(contents),
  ];
  if (runs.length > 0) events.push({ event: "merge", at });
  if (isWhole && runs.length > 0) events.push({ event: "end", at });
  return { events, states: sorted, summary };
}

/** Lines that lead to what is known of the files of whole batches. */
function batchEventsOf(contents: readonly ManifestContent[]): ManifestEvent[] {
  // Of equal times, one that was begun comes last: it may be half written.
  const states = contents.flatMap(({ batchFiles }) => [...batchFiles])
    .sort(([, a], [, b]) =>
      compareTimes(a, b) ||
      Number(a.size === undefined) - Number(b.size === undefined)
    );
  return [...new Map(states)].map(([path, { at, size }]) =>
    size === undefined
      ? { event: "begin", at, outputs: [path] }
      : { event: "wrote", at, outputs: [{ path, size }] }
  );
}

/** All runs once, in the order of time, and of the manifests at equal times. */
function runsOf(contents: readonly ManifestContent[]): RunEvent[] {
  const runs = new Map<string, RunEvent>();
  for (const run of contents.flatMap((content) => content.runs)) {
    runs.set(JSON.stringify(run), run);
  }
  return [...runs.values()].sort(compareTimes);
}

function compareTimes(a: { at: string }, b: { at: string }): number {
  return a.at < b.at ? -1 : a.at > b.at ? 1 : 0;
}

/** Lines that lead to a state. */
function eventsOf({ name, at, begun, isOpen, done, failed }: FileState) {
  const start = (at: string): ManifestEvent[] =>
    begun.length > 0 ? [{ event: "start", at, name, outputs: begun }] : [];
  return [
    // What was begun, and left aside when the file was done.
    ...isOpen ? [] : start(done?.at ?? at),
    ...done ? [done] : [],
    ...isOpen ? start(at) : [],
    ...failed ? [failed] : [],
  ];
}

function summarize(
  contents: readonly ManifestContent[],
  states: readonly FileState[],
  runs: readonly RunEvent[],
  finished: ReadonlyMap<string, { path: string; done: DoneEvent }[]>,
): BatchSummary {
  const bySetup = new Map(runs.map((run) => [run.setup, run]));
  const setups = new Map<string, number>();
  const counts = new Map<string, number>();
  let bytes = 0;
  for (const state of states) {
    if (!isFinished(state)) continue;
    const done = state.done!;
    setups.set(done.setup, (setups.get(done.setup) ?? 0) + 1);
    bytes += done.size;
    for (const [name, count] of Object.entries(done.counts)) {
      counts.set(name, (counts.get(name) ?? 0) + count);
    }
  }
  const { conflicts, repeated } = compare(finished);
  const done = states.filter(isFinished).map((state) => state.done!);
  return {
    version: 1,
    files: states.length,
    ...tally(states),
    bytes,
    counts: Object.fromEntries(counts),
    classes: sumClassAreas(done.map(({ classes = [] }) => classes)),
    objectClasses: sumClassCounts(
      done.map(({ objectClasses = [] }) => objectClasses),
    ),
    setups: [...setups].map(([id, files]) => {
      const run = bySetup.get(id);
      return run
        ? { id, model: run.model, settings: run.settings, files }
        : { id, files };
    }),
    manifests: contents.filter(({ isMerged }) => !isMerged)
      .map(({ path, shard, ended, files }) => ({
        path,
        ...shard ? { shard } : {},
        ended,
        ...tally([...files.values()]),
      })),
    missingShards: missingOf(contents),
    repeated,
    conflicts,
    failures: states.flatMap(({ failed }) =>
      failed
        ? [{ name: failed.name, input: failed.input, error: failed.error }]
        : []
    ),
    faults: contents.flatMap(({ faults }) => faults),
  };
}

function tally(states: readonly FileState[]) {
  let done = 0, failed = 0, seconds = 0;
  for (const state of states) {
    if (state.failed) failed++;
    else if (isFinished(state)) {
      done++;
      seconds += state.done!.seconds;
    }
  }
  return { done, failed, unfinished: states.length - done - failed, seconds };
}

/** Files that several manifests finished. */
function compare(
  finished: ReadonlyMap<string, { path: string; done: DoneEvent }[]>,
): { conflicts: Conflict[]; repeated: number } {
  const conflicts: Conflict[] = [];
  let repeated = 0;
  for (const [name, list] of finished) {
    const events = new Set(list.map(({ done }) => JSON.stringify(done)));
    if (events.size < 2) continue;
    const ofDone = (part: (done: DoneEvent) => string): boolean =>
      new Set(list.map(({ done }) => part(done))).size > 1;
    const differs = ([
      ["content", ofDone(({ hash }) => hash)],
      ["setup", ofDone(({ setup }) => setup)],
      ["outputs", hasOtherOutputs(list.map(({ done }) => done))],
    ] as const).flatMap(([what, isOther]) => isOther ? [what] : []);
    if (differs.length === 0) repeated++;
    else {
      const manifests = list.map(({ path }) => path);
      conflicts.push({ name, manifests, differs });
    }
  }
  return { conflicts, repeated };
}

/**
 * Whether several list different outputs: an output with different sizes, or
 * none that all of them list. A later run may have added outputs.
 */
function hasOtherOutputs(events: readonly DoneEvent[]): boolean {
  const [first, ...rest] = events.map(({ outputs }) =>
    new Map(outputs.map(({ path, size }) => [path, size]))
  );
  const shared = [...first!].filter(([path]) =>
    rest.every((each) => each.has(path))
  );
  return first!.size > 0 && shared.length === 0 ||
    shared.some(([path, size]) => rest.some((each) => each.get(path) !== size));
}

/** Shards that left no manifest, where all others are of one count. */
function missingOf(contents: readonly ManifestContent[]): string[] {
  const shards = new Set(contents.flatMap(({ shard }) => shard ?? []));
  const counts = new Set([...shards].map((shard) => shard.split("/")[1]));
  const count = Number([...counts][0]);
  // Of a batch that was split anew, no shard can be said to be missing.
  if (counts.size !== 1 || !(count <= 1e6)) return [];
  return Array.from({ length: count }, (_, at) => `${at + 1}/${count}`)
    .filter((shard) => !shards.has(shard));
}
