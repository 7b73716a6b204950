import type { Measured, Measurement } from "./measurement.ts";

/** What one measurement gave, or why it gave nothing. */
export interface Outcome {
  /** What was measured. */
  readonly measurement: Measurement;
  /** What came of it. */
  readonly result: Measured | { readonly error: string };
}

/** A row of `--json`; of `device` and `peer` it has one. */
export interface DeviceResult {
  /** Our device. */
  readonly device?: string;
  /** Somebody else's program. */
  readonly peer?: string;
  /** The library that computed, and its version; empty where it failed. */
  readonly version: string;
  /** A training step, or inference. */
  readonly mode: "train" | "infer";
  /** What it computed with. */
  readonly precision: string;
  /** Where training's batches came from. */
  readonly loader: "fixed" | "live";
  /** Images a step. */
  readonly batch: number;
  /** Seconds of the fastest step, by image; null where it failed. */
  readonly secondsPerImage: number | null;
  /** The same of the median step. */
  readonly medianSecondsPerImage: number | null;
  /** Steps that were timed. */
  readonly steps: number;
  /** PyTorch's float32 seconds by ours: above 1 is faster than PyTorch. */
  readonly ratio: number | null;
  /** The same by PyTorch's bf16 autocast. */
  readonly ratioToBf16: number | null;
  /** The most memory that the process held, in bytes. */
  readonly peakMemoryBytes: number | null;
  /** Why there are no figures; only where there are none. */
  readonly error?: string;
}

/** The steps of two rounds of one measurement together; a fault stays one. */
export function joinOutcomes(first: Outcome, second: Outcome): Outcome {
  if ("error" in first.result) return first;
  if ("error" in second.result) return second;
  const [a, b] = [first.result, second.result];
  return {
    measurement: first.measurement,
    result: {
      ...a,
      seconds: [...a.seconds, ...b.seconds],
      peakMemoryBytes: Math.max(a.peakMemoryBytes, b.peakMemoryBytes),
    },
  };
}

/**
 * Turns outcomes into rows, each compared with PyTorch's of the same mode and
 * batch in the same run.
 */
export function toResults(outcomes: readonly Outcome[]): DeviceResult[] {
  const torch = (like: Measurement, precision: string): number | null => {
    const found = outcomes.find(({ measurement: each }) =>
      each.side === "peer" && each.name === "torch" &&
      each.precision === precision && each.mode === like.mode &&
      each.batch === like.batch
    );
    return found ? secondsPerImage(found, fastest) : null;
  };
  return outcomes.map((outcome) => {
    const { measurement, result } = outcome;
    const { side, name, mode, precision, loader, batch } = measurement;
    const failed = "error" in result;
    const seconds = secondsPerImage(outcome, fastest);
    const ratioTo = (other: number | null): number | null =>
      other === null || seconds === null ? null : other / seconds;
    return {
      ...(side === "device" ? { device: name } : { peer: name }),
      version: failed ? "" : result.version,
      mode,
      precision,
      loader,
      batch,
      secondsPerImage: seconds,
      medianSecondsPerImage: secondsPerImage(outcome, median),
      steps: failed ? 0 : result.seconds.length,
      ratio: ratioTo(torch(measurement, "float32")),
      ratioToBf16: ratioTo(torch(measurement, "bf16")),
      peakMemoryBytes: failed ? null : result.peakMemoryBytes,
      ...(failed ? { error: result.error } : {}),
    };
  });
}

function secondsPerImage(
  { measurement, result }: Outcome,
  pick: (seconds: readonly number[]) => number,
): number | null {
  return "error" in result ? null : pick(result.seconds) / measurement.batch;
}

function fastest(seconds: readonly number[]): number {
  return Math.min(...seconds);
}

/** The middle value; of an even number of them, the mean of both. */
function median(seconds: readonly number[]): number {
  const sorted = seconds.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[half]!
    : (sorted[half - 1]! + sorted[half]!) / 2;
}
