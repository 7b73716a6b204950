import { fromFileUrl } from "@std/path";
import { openLimitedLinks } from "./limited_links.ts";
import type { MeasuredWork } from "./cost_model.ts";
import type { RankRequest, RankTimes, StepTimes } from "./measure_ranks.ts";
import type { SumRequest } from "./measure_sums.ts";
import { medianOf } from "./median_of.ts";
import { runProcess } from "./run_process.ts";

/** A measurement, and what it is for. */
export interface ClusterWork extends MeasuredWork {
  /** Whether sums began during the backward pass. */
  readonly isBeside: boolean;
  /** Whether the model is fitted to it, or checked by it. */
  readonly role: "fit" | "check";
}

/** What starts ranks, and its library. */
export interface ClusterMpi {
  readonly mpiexec: string;
  readonly library: string;
}

/** Tiles of one process, by width; the middle number checks. */
const tilesOf: Readonly<Record<string, readonly number[]>> = {
  0.25: [2, 4, 8],
  1: [1, 2, 4],
};

/** Megabits per second of a link; the middle one checks. */
const rates = [100, 300, 1000];

/** Values of a sum alone: a fourth of a bucket, one, width 0.25's gradient. */
const counts = [2 ** 18, 2 ** 20, 3_444_065];

/** Pixels a side of a tile. */
const size = 256;

function program(name: string): string {
  return fromFileUrl(new URL(name, import.meta.url));
}

function ours(name: string, request: unknown): string[] {
  return [
    ...[Deno.execPath(), "run", "-q", "-P=bench", program(name)],
    JSON.stringify(request),
  ];
}

async function run<T>(name: string, words: readonly string[]): Promise<T> {
  const [executable = "", ...rest] = words;
  return await runProcess(name, [executable, ...rest], 1) as T;
}

/** Whatever else the machine does only adds. */
function fastestOf({ seconds }: StepTimes): number {
  return Math.min(...seconds);
}

/** Steps of one process with one thread: seconds on the processor. */
export async function measureTiles(): Promise<ClusterWork[]> {
  const works: ClusterWork[] = [];
  for (const [text, tiles] of Object.entries(tilesOf)) {
    const width = Number(text);
    for (const [i, batch] of tiles.entries()) {
      const request: RankRequest = {
        ...{ library: null, device: "onednn", loss: "bce" },
        ...{ width, batch, size, steps: 3 },
      };
      const name = "measure_ranks.ts";
      const times = await run<RankTimes>(name, ours(name, request));
      works.push({
        ...{ ranks: 1, tiles: batch, width, bytes: 4 * times.values },
        ...{ bitsPerSecond: Infinity, isBeside: false },
        role: i === 1 ? "check" : "fit",
        seconds: medianOf([
          ...times.overlapped.processor,
          ...times.after.processor,
        ]),
      });
    }
  }
  return works;
}

/** Sums alone, of 2 to 4 ranks with a limited link each; 3 ranks check. */
export async function measureSums(
  { mpiexec, library }: ClusterMpi,
): Promise<ClusterWork[]> {
  const works: ClusterWork[] = [];
  await using links = await openLimitedLinks(4);
  for (const [i, rate] of rates.entries()) {
    await links.limit(rate);
    for (const ranks of [2, 3, 4]) {
      const request: SumRequest = { library, counts, rounds: 10 };
      const seconds = await run<number[]>("measure_sums.ts", [
        ...[mpiexec, ...links.launcher(ranks)],
        ...ours("measure_sums.ts", request),
      ]);
      works.push(...counts.map((count, at): ClusterWork => ({
        ...{ ranks, tiles: 0, width: 0, bytes: 4 * count, isBeside: false },
        ...{ bitsPerSecond: 1e6 * rate, seconds: seconds[at]! },
        role: i === 1 || ranks === 3 ? "check" : "fit",
      })));
    }
  }
  return works;
}

/**
 * Steps of two ranks over limited links: the slowest link fits how much of the
 * network is hidden, the others check. Needs both cores for itself.
 */
export async function measureSteps(
  { mpiexec, library }: ClusterMpi,
): Promise<ClusterWork[]> {
  const works: ClusterWork[] = [];
  await using links = await openLimitedLinks(2);
  for (const [width, batch] of [[0.25, 8], [0.25, 16], [1, 4]] as const) {
    for (const rate of width === 1 ? [1000] : rates) {
      await links.limit(rate);
      const request: RankRequest = {
        ...{ library, device: "onednn", loss: "bce" },
        ...{ width, batch, size, steps: 5 },
      };
      const times = await run<RankTimes>("measure_ranks.ts", [
        ...[mpiexec, ...links.launcher(2)],
        ...ours("measure_ranks.ts", request),
      ]);
      const work = {
        ...{ ranks: 2, tiles: batch / 2, width, bytes: 4 * times.values },
        ...{ bitsPerSecond: 1e6 * rate },
      };
      works.push({
        ...{ ...work, isBeside: false, role: "check" },
        seconds: fastestOf(times.after),
      }, {
        ...{ ...work, isBeside: true },
        role: batch === 16 && rate === 100 ? "fit" : "check",
        seconds: fastestOf(times.overlapped),
      });
    }
  }
  return works;
}
