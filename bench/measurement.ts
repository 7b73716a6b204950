import type { Mode } from "./shapes.ts";

/** One thing to measure, in a process of its own. */
export interface Measurement {
  /** Ours or a peer's. */
  readonly side: "device" | "peer";
  /** The device's name, or the peer's. */
  readonly name: string;
  /** A training step, or inference. */
  readonly mode: Mode;
  /** What it computes with: `float32`, `int8`, here `mixed`, at peers `bf16`. */
  readonly precision: string;
  /** The network's file, for peers that read ONNX. */
  readonly network?: string;
  /** What a training step does: SGD and BCE, or what `unet train` does. */
  readonly recipe: "plain" | "standard";
  /** Where training's batches come from: one over and over, or a loader. */
  readonly loader: "fixed" | "live";
  /** Images per step. */
  readonly batch: number;
  /** The network's width. */
  readonly width: number;
  /** Height and width of the images, in pixels. */
  readonly size: number;
  /** Steps that are timed. */
  readonly steps: number;
  /** Steps before those. */
  readonly warmUp: number;
  /** Seconds after which no further step begins, once two are done. */
  readonly limit: number;
  /** Threads of the libraries that have several. */
  readonly threads: number;
  /** Whether to time kernels; ours alone. */
  readonly profile: boolean;
}

/** What a process of a measurement prints, as one line of JSON. */
export interface Measured {
  /** The library that computed, and its version. */
  readonly version: string;
  /** Parameters of the network that it built; none where it reads ours. */
  readonly parameters?: number;
  /** How it computed, where the fastest of several ways was taken. */
  readonly way?: string;
  /** Seconds of each step. */
  readonly seconds: readonly number[];
  /** The most memory that the process held, in bytes. */
  readonly peakMemoryBytes: number;
  /** The kernels, if they were to be timed. */
  readonly kernels?: readonly KernelShare[];
}

/** What one kind of kernel took. */
export interface KernelShare {
  /** The kernel's name in tfjs. */
  readonly kernel: string;
  /** The device's implementation, where it specifies it. */
  readonly implementation: string | null;
  /** Times it was called. */
  readonly calls: number;
  /** Seconds within it, without those of kernels that it called. */
  readonly seconds: number;
  /** Bytes of its inputs and outputs. */
  readonly bytes: number;
  /** 10⁹ floating-point operations per second, where the device specifies them. */
  readonly gflops: number | null;
  /** Its part of the time measured, 0…1. */
  readonly share: number;
}

/** Whether enough steps are done, given the seconds of each so far. */
export function isEnough(
  seconds: readonly number[],
  { steps, warmUp, limit }: Measurement,
): boolean {
  const total = seconds.reduce((sum, value) => sum + value, 0);
  return seconds.length >= warmUp + steps ||
    (seconds.length > 1 && total > limit);
}

/** The steps that count: those after the warm-up, or the last at least. */
export function afterWarmUp(
  seconds: readonly number[],
  { warmUp }: Measurement,
): number[] {
  return seconds.slice(Math.min(warmUp, seconds.length - 1));
}
