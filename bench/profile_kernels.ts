import {
  getKernelsForBackend,
  type KernelConfig,
  type NamedTensorInfoMap,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from "@tensorflow/tfjs-core";
import type { KernelShare } from "./measurement.ts";

/** A kernel that was called. */
export interface KernelCall {
  /** The kernel's name in tfjs. */
  readonly kernel: string;
  /** What it was given. */
  readonly inputs: NamedTensorInfoMap;
  /** What it returned. */
  readonly outputs: readonly TensorInfo[];
}

/** A profile under way. */
export interface KernelProfile {
  /** Forgets all calls so far. */
  clear(): void;
  /**
   * What was called since, the longest first.
   *
   * @param elapsed The seconds that shares are of.
   */
  shares(elapsed: number): KernelShare[];
  /** Puts the kernels back. */
  stop(): void;
}

interface Tally {
  calls: number;
  seconds: number;
  bytes: number;
  kernel: string;
}

/**
 * Times every kernel of a backend from now on, by wrapping it in tfjs'
 * registry. Of a device that computes later than it is asked to (a GPU), the
 * time is that of asking. Kernels that the backend registers afterwards are
 * not seen.
 *
 * @param backend The tfjs backend's name.
 */
export function profileKernels(
  backend: string,
): KernelProfile {
  const tallies = new Map<string, Tally>();
  // Milliseconds within kernels that were called by each kernel under way.
  const inner: number[] = [];

  const time = (config: KernelConfig): KernelConfig => ({
    ...config,
    kernelFunc(parameters) {
      inner.push(0);
      const start = performance.now();
      let result: TensorInfo | TensorInfo[];
      let own = 0;
      try {
        result = config.kernelFunc(parameters);
      } finally {
        const elapsed = performance.now() - start;
        own = elapsed - inner.pop()!;
        if (inner.length > 0) inner[inner.length - 1]! += elapsed;
      }
      const { inputs } = parameters;
      const outputs = Array.isArray(result) ? result : [result];
      note({ kernel: config.kernelName, inputs, outputs }, own / 1000);
      return result;
    },
  });

  const note = (call: KernelCall, seconds: number): void => {
    const { kernel } = call;
    const tally = tallies.get(kernel) ??
      { calls: 0, seconds: 0, bytes: 0, kernel };
    tallies.set(kernel, tally);
    tally.calls++;
    tally.seconds += seconds;
    tally.bytes += bytesOf(call);
  };

  const stock = getKernelsForBackend(backend);
  const exchange = (kernels: readonly KernelConfig[]): void => {
    for (const kernel of kernels) {
      unregisterKernel(kernel.kernelName, backend);
      registerKernel(kernel);
    }
  };
  exchange(stock.map(time));
  return {
    clear: () => tallies.clear(),
    shares: (elapsed) =>
      [...tallies.values()]
        .sort((a, b) => b.seconds - a.seconds)
        .map((tally) => ({
          ...tally,
          implementation: null,
          gflops: null,
          share: tally.seconds / elapsed,
        })),
    stop: () => exchange(stock),
  };
}

const bytesOfValue: Record<string, number> = { bool: 1, complex64: 8 };

function bytesOf({ inputs, outputs }: KernelCall): number {
  // An input may be a list of tensors, or left out.
  const all = [...Object.values(inputs).flat(), ...outputs];
  return all.filter((one) => one !== undefined && one !== null)
    .reduce((sum, { shape, dtype }) => {
      const values = shape.reduce((product, count) => product * count, 1);
      return sum + values * (bytesOfValue[dtype] ?? 4);
    }, 0);
}
