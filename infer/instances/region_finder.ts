import { cannot } from "@unet/errors";
import type { OpenComponent } from "./_open_component.ts";
import { RunTracker } from "./_run_tracker.ts";
import type { Instance } from "./instance.ts";

/** How the regions of classes are found. */
export interface RegionOptions {
  /**
   * The largest bounding box of a region in pixels; 2²⁴. A region that grows
   * beyond is cut below the row that it reached, so that memory is bounded.
   */
  readonly maximalBox?: number;
}

/** The rows of a class map, and what the network says of them. */
export interface ClassRows {
  /** The pixels' classes, laid out as `[rows, W]`. */
  readonly classMap: Uint8Array;
  /** The classes' probabilities, laid out as `[rows, W, classes]`. */
  readonly probability: Float32Array;
}

/**
 * Finds the regions of a class map while its rows come in: the connected parts
 * of each class but the background, by sides and corners. Every pixel that is
 * not background belongs to one region. How the rows are divided changes
 * nothing.
 *
 * @example
 * ```ts
 * import { RegionFinder } from "@unet/infer/instances";
 * import { assertEquals } from "@std/assert";
 *
 * const finder = new RegionFinder(2, 1, 3);
 * const regions = finder.add({
 *   classMap: new Uint8Array([1, 2]),
 *   probability: new Float32Array([0.25, 0.75, 0, 0, 0.5, 0.5]),
 * });
 * assertEquals(regions.map((region) => [region.class, region.x]), [
 *   [1, 0],
 *   [2, 1],
 * ]);
 * ```
 */
export class RegionFinder {
  readonly #width: number;
  readonly #height: number;
  readonly #classes: number;
  readonly #maximalBox: number;
  /** One per class but the background. */
  readonly #trackers: readonly RunTracker[];
  /** A row of one class: its probability where it is the most probable. */
  readonly #line: Float32Array;
  #next = 0;
  #given = 0;

  /**
   * Begins a class map.
   *
   * @param width Pixels per row.
   * @param height Rows.
   * @param classes How many classes there are, the background included.
   * @param options How large a region may get.
   */
  constructor(
    width: number,
    height: number,
    classes: number,
    { maximalBox = 2 ** 24 }: RegionOptions = {},
  ) {
    this.#width = width;
    this.#height = height;
    this.#classes = classes;
    this.#maximalBox = maximalBox;
    this.#line = new Float32Array(width);
    const limits = { threshold: 0, maximalBox, maximalRows: Infinity };
    this.#trackers = Array.from(
      { length: classes - 1 },
      () => new RunTracker(width, limits),
    );
  }

  /**
   * Adds the next rows.
   *
   * @param rows The rows; only read, and not kept.
   * @returns The regions that they completed; with the last row, all others.
   * @throws {RangeError} If they are not whole rows, or more than there are.
   */
  add(rows: ClassRows): Instance[] {
    const regions: Instance[] = [], width = this.#width;
    const count = this.#checkRows(rows);
    for (let row = 0; row < count; row++) {
      const y = this.#next++, isLast = this.#next === this.#height;
      for (const [index, tracker] of this.#trackers.entries()) {
        const number = index + 1;
        this.#fillLine(rows, row * width, number);
        tracker.add(y, { probability: this.#line, border: null, offset: 0 });
        for (const component of tracker.ended(y)) {
          regions.push(this.#regionOf(component, number));
        }
        if (!isLast && !tracker.hasLarge) continue;
        for (const component of tracker.open()) {
          const isLarge = component.isLarger(this.#maximalBox, Infinity);
          if (!isLast && !isLarge) continue;
          component.isClosed = true;
          regions.push(this.#regionOf(component, number));
        }
      }
    }
    return regions;
  }

  #checkRows({ classMap, probability }: ClassRows): number {
    const rows = classMap.length / this.#width;
    const isFit = Number.isInteger(rows) &&
      this.#next + rows <= this.#height &&
      probability.length === classMap.length * this.#classes;
    if (isFit) return rows;
    throw new RangeError(
      cannot("find regions in", "class map of", `${classMap.length} pixels`, {
        found: `${probability.length} probabilities`,
        expected: `${this.#classes} per pixel, and whole rows of ` +
          `${this.#width}, at most ${this.#height - this.#next}`,
      }),
    );
  }

  #fillLine(
    { classMap, probability }: ClassRows,
    offset: number,
    number: number,
  ): void {
    const line = this.#line, classes = this.#classes;
    for (let x = 0; x < line.length; x++) {
      const at = offset + x;
      line[x] = classMap[at] === number
        ? probability[at * classes + number]!
        : 0;
    }
  }

  #regionOf(component: OpenComponent, number: number): Instance {
    const { left, right, top, bottom, runs, runLength, pixels } = component;
    const width = right - left + 1, height = bottom - top + 1;
    const mask = new Uint8Array(width * height);
    for (let run = 0; run < runLength; run += 3) {
      const row = (runs[run]! - top) * width - left;
      mask.fill(1, row + runs[run + 1]!, row + runs[run + 2]!);
    }
    let sum = 0;
    for (let at = 0; at < pixels; at++) sum += component.probability[at]!;
    return {
      ...{ label: ++this.#given, x: left, y: top, width, height, mask },
      // Rounding may lift a mean of ones.
      probability: Math.min(1, sum / pixels),
      class: number,
    };
  }
}
