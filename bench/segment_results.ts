import { layOut } from "./device_table.ts";
import { medianOf } from "./median_of.ts";
import type { WorkName } from "./segment_settings.ts";
import type { TimedRun } from "./time_process.ts";

/** A program that segments something, as often as there are rounds. */
export interface SegmentRuns {
  /** What is segmented. */
  readonly work: WorkName;
  /** Ours, or a peer. */
  readonly program: "unet" | "openvino";
  /** What it computed on, or its version. */
  readonly version: string;
  /** How many images. */
  readonly images: number;
  /** Megapixels of all of them. */
  readonly megapixels: number;
  /** One per round. */
  readonly runs: readonly TimedRun[];
}

/** A row of `--json`. */
export interface SegmentResult extends Omit<SegmentRuns, "runs"> {
  /** How often it was run. */
  readonly rounds: number;
  /** Seconds of the fastest run, from the process's start to its end. */
  readonly seconds: number;
  /** The same of the median run. */
  readonly medianSeconds: number;
  /** By the fastest run. */
  readonly imagesPerSecond: number;
  /** By the fastest run. */
  readonly megapixelsPerSecond: number;
  /** All threads' seconds in the run that took the fewest; null if unknown. */
  readonly processorSeconds: number | null;
  /** The most memory that a run's process held; null where it is unknown. */
  readonly peakMemoryBytes: number | null;
  /** The peer's seconds divided by ours, of the same work; null without it. */
  readonly ratioToOpenvino: number | null;
}

/** Turns runs into rows. */
export function toSegmentResults(all: readonly SegmentRuns[]): SegmentResult[] {
  const best = ({ runs }: SegmentRuns): number =>
    Math.min(...runs.map(({ seconds }) => seconds));
  return all.map((each) => {
    const { runs, ...rest } = each, seconds = best(each);
    const peer = all.find(({ program, work }) =>
      program === "openvino" && work === each.work
    );
    return {
      ...rest,
      rounds: runs.length,
      seconds,
      medianSeconds: medianOf(runs.map(({ seconds }) => seconds)),
      imagesPerSecond: each.images / seconds,
      megapixelsPerSecond: each.megapixels / seconds,
      processorSeconds: extreme(
        runs.map(({ processorSeconds }) => processorSeconds),
        Math.min,
      ),
      peakMemoryBytes: extreme(
        runs.map(({ peakMemoryBytes }) => peakMemoryBytes),
        Math.max,
      ),
      ratioToOpenvino: peer ? best(peer) / seconds : null,
    };
  });
}

function extreme(
  values: readonly (number | null)[],
  pick: (...values: number[]) => number,
): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : pick(...known);
}

/** The rows as lines for people. */
export function segmentTable(results: readonly SegmentResult[]): string[] {
  const header = [
    ...["", "images/s", "MP/s", "seconds", "median", "processor s"],
    ...["peak MiB", "OpenVINO"],
  ];
  const figure = (value: number | null): string =>
    value === null ? "–" : value.toPrecision(3);
  const rows = results.map((each) => [
    `${titles[each.work]}, ${programs[each.program]}`,
    // The rate of a single image says nothing that its seconds do not.
    figure(each.images > 1 ? each.imagesPerSecond : null),
    figure(each.work === "start" ? null : each.megapixelsPerSecond),
    figure(each.seconds),
    figure(each.medianSeconds),
    figure(each.processorSeconds),
    each.peakMemoryBytes === null
      ? "–"
      : (each.peakMemoryBytes / 2 ** 20).toFixed(0),
    each.ratioToOpenvino === null
      ? "–"
      : `${each.ratioToOpenvino.toFixed(2)} ×`,
  ]);
  return layOut([header, ...rows]);
}

const titles = {
  plate: "plate",
  large: "large image with instances",
  start: "one small image",
} as const satisfies Record<WorkName, string>;

const programs = {
  unet: "unet",
  openvino: "OpenVINO (network and mask alone)",
} as const;
