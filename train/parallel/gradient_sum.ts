import type { Communicator } from "./communicator.ts";

/**
 * The most values of a bucket, 4 MB: large enough that the latency of a network
 * is little beside it, small enough that the first is under way early.
 */
const mostValues = 2 ** 20;

/** Where a gradient lies. */
interface Place {
  readonly from: number;
  readonly to: number;
  readonly bucket: number;
}

/** Neighboring gradients that are summed together. */
interface Bucket {
  readonly values: Float32Array<ArrayBuffer>;
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
      const { values } = this.#buckets[this.#begun.length]!;
      this.#begun.push(this.#communicator.sum(values));
    }
    this.#communicator.poll();
  }

  /** Waits for all sums; gives those of a gradient, a copy, by its name. */
  async finish(): Promise<(name: string) => Float32Array> {
    await Promise.all(this.#begun);
    return (name) => {
      const { from, to } = this.#places.get(name)!;
      return this.#all.slice(from, to);
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
    this.#all = new Float32Array(at);
    this.#buckets = ends.map((end, i) => ({
      values: this.#all.subarray(ends[i - 1] ?? 0, end),
      missing: 0,
    }));
  }
}
