import type { Communicator } from "./communicator.ts";

/**
 * The most values of a bucket, 4 MB: large enough that the latency of a network
 * is little beside it, small enough that the first is under way early.
 */
export const mostValues = 2 ** 20;

/** Where a gradient lies. */
interface Place {
  readonly from: number;
  readonly to: number;
  readonly bucket: number;
}

/** Neighboring gradients that are summed together. */
interface Bucket {
  readonly from: number;
  readonly to: number;
  /** Gradients that it still waits for. */
  missing: number;
}

/**
 * Sums gradients over all ranks, in buckets: a bucket's sum begins once all its
 * gradients are known, while those of earlier layers are still computed (Li et
 * al., "PyTorch Distributed", 2020). Buckets begin in their order on all ranks.
 */
export class GradientSum {
  readonly #communicator: Communicator;
  #names: readonly string[] = [];
  #places: ReadonlyMap<string, Place> = new Map();
  #size = 0;
  #all = new Float32Array(0);
  #buckets: Bucket[] = [];
  #begun: Promise<void>[] = [];

  constructor(communicator: Communicator) {
    this.#communicator = communicator;
  }

  /**
   * Begins a step.
   *
   * @param sizes The number of values by name of each gradient that will be
   * added, in the order in which a forward pass reads the weights.
   */
  begin(sizes: ReadonlyMap<string, number>): void {
    const names = [...sizes.keys()].reverse();
    if (names.join() !== this.#names.join()) this.#arrange(names, sizes);
    // Of its own for each step: tensors are made of its parts without a copy,
    // and an optimizer may keep them.
    this.#all = new Float32Array(this.#size);
    for (const bucket of this.#buckets) bucket.missing = 0;
    for (const { bucket } of this.#places.values()) {
      this.#buckets[bucket]!.missing++;
    }
    this.#begun = [];
  }

  /** Takes a gradient, once per step, and begins the sums that are complete. */
  add(name: string, values: Float32Array): void {
    const { from, bucket } = this.#places.get(name)!;
    this.#all.set(values, from);
    this.#buckets[bucket]!.missing--;
    while (this.#buckets[this.#begun.length]?.missing === 0) {
      const { from, to } = this.#buckets[this.#begun.length]!;
      this.#begun.push(this.#communicator.sum(this.#all.subarray(from, to)));
    }
    this.#communicator.poll();
  }

  /**
   * Waits for all sums.
   *
   * @returns The sums of a gradient by its name, in memory that is not used
   * again.
   */
  async finish(): Promise<(name: string) => Float32Array> {
    await Promise.all(this.#begun);
    const all = this.#all;
    this.#all = new Float32Array(0);
    return (name) => {
      const { from, to } = this.#places.get(name)!;
      return all.subarray(from, to);
    };
  }

  #arrange(
    names: readonly string[],
    sizes: ReadonlyMap<string, number>,
  ): void {
    const places = new Map<string, Place>(), ends: number[] = [];
    let at = 0, start = 0;
    for (const name of names) {
      const size = sizes.get(name)!;
      if (at > start && at + size - start > mostValues) {
        ends.push(at);
        start = at;
      }
      places.set(name, { from: at, to: at += size, bucket: ends.length });
    }
    ends.push(at);
    this.#names = names;
    this.#places = places;
    this.#size = at;
    this.#buckets = ends.map((to, i) => ({
      ...{ from: ends[i - 1] ?? 0, to, missing: 0 },
    }));
  }
}
