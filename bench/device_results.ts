import { medianOf } from "./median_of.ts";
import type { Measured, Measurement } from "./measurement.ts";
import type { Mode } from "./shapes.ts";

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
  readonly mode: Mode;
  /** The network's width. */
  readonly width: number;
  /** Height and width of the images, in pixels. */
  readonly size: number;
  /** What it computed with. */
  readonly precision: string;
  /** What a training step did: SGD and BCE, or what `unet train` does. */
  readonly recipe: "plain" | "standard";
  /** Where training's batches came from. */
  readonly loader: "fixed" | "live";
  /** Images per step. */
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
  /**
   * OpenVINO's seconds by ours, in inference: of its int8 for int8, of its
   * float32 for all else.
   */
  readonly ratioToOpenvino: number | null;
  /**
   * The standard recipe's seconds divided by those of the plain step of the
   * same device, precision and loader; only in rows of the standard recipe.
   */
  readonly ratioToPlainStep?: number | null;
  /** The most memory that the process held, in bytes. */
  readonly peakMemoryBytes: number | null;
  /** How it computed, where the fastest of several ways was taken. */
  readonly way?: string;
  /** Why there are no figures; only where there are none. */
  readonly error?: string;
}

/**
 * The steps of two rounds of one measurement together; a fault stays one. Where
 * a way was chosen, it is that of the fastest step.
 */
export function joinOutcomes(first: Outcome, second: Outcome): Outcome {
  if ("error" in first.result) return first;
  if ("error" in second.result) return second;
  const [a, b] = [first.result, second.result];
  const best = fastest(b.seconds) < fastest(a.seconds) ? b : a;
  return {
    measurement: first.measurement,
    result: {
      ...best,
      seconds: [...a.seconds, ...b.seconds],
      peakMemoryBytes: Math.max(a.peakMemoryBytes, b.peakMemoryBytes),
    },
  };
}

/**
 * Turns outcomes into rows, each compared with PyTorch's and OpenVINO's of the
 * same mode, network, images and batch in the same run.
 */
export function toResults(outcomes: readonly Outcome[]): DeviceResult[] {
  return outcomes.map((outcome) => {
    const { measurement, result } = outcome;
    const { side, name, mode, precision, recipe, loader, batch } = measurement;
    const { width, size } = measurement;
    const failed = "error" in result;
    const seconds = secondsPerImage(outcome, fastest);
    /** Another measurement's seconds of the same work by this one's. */
    const ratioTo = (other: Partial<Measurement>): number | null => {
      const found = outcomes.find((each) =>
        isLike(each.measurement, { width, size, mode, batch, ...other })
      );
      const theirs = found ? secondsPerImage(found, fastest) : null;
      return theirs === null || seconds === null ? null : theirs / seconds;
    };
    const ratioToPeer = (name: string, precision: string): number | null =>
      recipe === "plain" ? ratioTo({ side: "peer", name, precision }) : null;
    const ofPlain = recipe === "plain"
      ? null
      : ratioTo({ side, name, precision, loader, recipe: "plain" });
    return {
      ...(side === "device" ? { device: name } : { peer: name }),
      version: failed ? "" : result.version,
      ...{ mode, width, size, precision, recipe, loader, batch },
      secondsPerImage: seconds,
      medianSecondsPerImage: secondsPerImage(outcome, medianOf),
      steps: failed ? 0 : result.seconds.length,
      ratio: ratioToPeer("torch", "float32"),
      ratioToBf16: ratioToPeer("torch", "bf16"),
      ratioToOpenvino: ratioToPeer(
        "openvino",
        precision === "int8" ? "int8" : "float32",
      ),
      ...(recipe === "standard" &&
        { ratioToPlainStep: ofPlain === null ? null : 1 / ofPlain }),
      peakMemoryBytes: failed ? null : result.peakMemoryBytes,
      ...(!failed && result.way !== undefined && { way: result.way }),
      ...(failed ? { error: result.error } : {}),
    };
  });
}

/** Whether a measurement has all of the given values. */
function isLike(
  measurement: Measurement,
  wanted: Partial<Measurement>,
): boolean {
  return Object.entries(wanted).every(([name, value]) =>
    measurement[name as keyof Measurement] === value
  );
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
