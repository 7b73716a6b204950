import { emptyValues } from "./window.ts";
import type { Image } from "../types.ts";

/** How several values become one. */
export type ProjectionMode = "max" | "mean";

/**
 * Projects layers of one size onto one: the largest or the mean value of each
 * pixel. NaN does not count, and is what comes out where there is nothing
 * else. A mean of integers is rounded.
 */
export class Projection {
  readonly #mode: ProjectionMode;
  readonly #depth: Image["depth"];
  #largest: Image["data"] | undefined;
  #sums: Float64Array | undefined;
  #counts: Uint32Array | undefined;

  /** Starts without any layer. */
  constructor(mode: ProjectionMode, depth: Image["depth"]) {
    this.#mode = mode;
    this.#depth = depth;
  }

  /**
   * Adds a layer.
   *
   * @param values Its values, or several layers' interleaved.
   * @param step How many layers are interleaved.
   * @param from Which of them to add.
   */
  add(values: Image["data"], step = 1, from = 0): void {
    if (this.#mode === "max") this.#addLargest(values, step, from);
    else this.#addSums(values, step, from);
  }

  /** The projection of all layers added. */
  finish(): Image["data"] {
    if (this.#largest) return this.#largest;
    const sums = this.#sums!, counts = this.#counts!;
    const out = emptyValues(this.#depth, sums.length);
    const isInteger = this.#depth !== 32;
    for (let at = 0; at < out.length; at++) {
      const mean = sums[at]! / counts[at]!;
      out[at] = isInteger ? Math.round(mean) : mean;
    }
    return out;
  }

  #addLargest(values: Image["data"], step: number, from: number): void {
    const length = values.length / step;
    const out = this.#largest ??= this.#depth === 32
      ? new Float32Array(length).fill(NaN)
      : emptyValues(this.#depth, length);
    for (let at = 0; at < length; at++) {
      const value = values[at * step + from]!, largest = out[at]!;
      if (value > largest || Number.isNaN(largest)) out[at] = value;
    }
  }

  #addSums(values: Image["data"], step: number, from: number): void {
    const length = values.length / step;
    const sums = this.#sums ??= new Float64Array(length);
    const counts = this.#counts ??= new Uint32Array(length);
    for (let at = 0; at < length; at++) {
      const value = values[at * step + from]!;
      if (Number.isNaN(value)) continue;
      sums[at]! += value;
      counts[at]!++;
    }
  }
}
