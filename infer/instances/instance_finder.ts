import { cannot } from "@unet/errors";
import { type Band, planeOf } from "../windows/band.ts";
import { cutInstances, type Part } from "./_cut_instances.ts";
import { cutOut, type Frame } from "./_frame.ts";
import type { OpenComponent } from "./_open_component.ts";
import { releaseFinished } from "./_release_finished.ts";
import { RunTracker } from "./_run_tracker.ts";
import { settle } from "./settle.ts";
import { voteClasses } from "./_vote_classes.ts";
import { splitComponent } from "./_split_component.ts";
import { Workspace } from "./_workspace.ts";
import type { Instance, InstanceBand, Speck } from "./instance.ts";
import type { InstanceHeads } from "./instance_heads.ts";
import type { InstanceOptions, InstanceSettings } from "./instance_options.ts";

/** How an {@linkcode InstanceFinder} separates objects. */
export interface FinderOptions extends InstanceOptions {
  /**
   * Objects of fewer pixels than `minimalArea`, but at least this many, are
   * given apart from the instances; by default they are left out.
   */
  readonly speckArea?: number;
}

/**
 * Finds the objects of an image while its rows come in, the same ones however
 * the rows are divided into bands.
 *
 * Foreground that is connected, by sides and corners, is kept until the rows
 * have passed it; then it is split alone, and its objects are given. A
 * component that grows larger than the options allow is split before: objects
 * that the last row does not touch are given, the others stay open. If those
 * are still more than half of what is allowed, they are cut off at that row.
 *
 * @example
 * ```ts
 * import { InstanceFinder } from "@unet/infer/instances";
 * import { assertEquals } from "@std/assert";
 *
 * const finder = new InstanceFinder(4, 2, { minimalArea: 1 });
 * const row = (y: number, ...values: number[]) =>
 *   finder.add({
 *     ...{ y, height: 1, width: 4 },
 *     planes: { object: new Float32Array(values) },
 *   });
 * const first = row(0, 0.9, 0, 0, 0.75);
 * // Either may continue.
 * assertEquals(first, { instances: [], rows: 0 });
 * const { instances, rows } = row(1, 0, 0, 0, 0.75);
 * assertEquals(rows, 2);
 * assertEquals(instances[1], {
 *   label: 2,
 *   x: 3,
 *   y: 0,
 *   width: 1,
 *   height: 2,
 *   mask: new Uint8Array([1, 1]),
 *   probability: 0.75,
 * });
 * ```
 */
export class InstanceFinder {
  readonly #width: number;
  readonly #height: number;
  readonly #settings: InstanceSettings;
  readonly #heads: InstanceHeads & { object: string; borders: string };
  readonly #tracker: RunTracker;
  readonly #space: Workspace = new Workspace();
  readonly #specks: Speck[] | null;
  readonly #leastArea: number;
  /** A pixel of each object that could lie in a hole, by the row it was given. */
  #small: { x: number; y: number; row: number }[] = [];
  #next = 0;
  #given = 0;
  #hasBorder: boolean | null = null;

  /**
   * @param width Pixels per row of the image.
   * @param height Rows of the image.
   * @param options How touching objects are separated.
   * @param heads Which heads of the bands find objects and their borders.
   * @throws {RangeError} If a number is not in its range.
   */
  constructor(
    width: number,
    height: number,
    { speckArea, ...options }: FinderOptions = {},
    { object = "object", borders = "border", classes }: InstanceHeads = {},
  ) {
    const isSize = (value: number) => Number.isSafeInteger(value) && value >= 1;
    if (!isSize(width) || !isSize(height)) {
      throw new RangeError(
        `Cannot find instances: found ${width}×${height} pixels, expected at least 1×1`,
      );
    }
    this.#width = width;
    this.#height = height;
    this.#heads = { object, borders, ...(classes && { classes }) };
    this.#settings = settle(options);
    const { minimalArea } = this.#settings;
    this.#leastArea = Math.min(minimalArea, speckArea ?? minimalArea);
    this.#specks = speckArea === undefined ? null : [];
    this.#tracker = new RunTracker(width, this.#settings, classes?.channels);
  }

  /**
   * Adds the next rows.
   *
   * @param band The rows; only read, and not kept.
   * @returns The objects that they completed, and how far the image is done:
   * after the last band, all of it.
   * @throws {RangeError} If the band is not the next one of this image.
   */
  add(band: Band): InstanceBand {
    this.#check(band);
    const { y, height, width } = band, { object, borders } = this.#heads;
    const probability = planeOf(band, object);
    const border = band.planes[borders] ?? null;
    const { classes: head } = this.#heads;
    const classes = head ? planeOf(band, head.name) : null;
    this.#hasBorder = border !== null;
    const instances: Instance[] = [];
    for (let row = 0; row < height; row++) {
      this.#next = y + row + 1;
      const offset = row * width;
      this.#tracker.add(y + row, { probability, border, classes, offset });
      for (const component of this.#tracker.ended(y + row)) {
        this.#finish(component, instances);
      }
      this.#bound(instances);
    }
    const open = this.#tracker.open();
    if (this.#next === this.#height) {
      for (const component of open) {
        component.isClosed = true;
        this.#finish(component, instances);
      }
      return this.#bandOf(instances, this.#height);
    }
    const rows = open.reduce((row, { top }) => Math.min(row, top), this.#next);
    this.#small = this.#small.filter(({ y }) => y > rows);
    return this.#bandOf(instances, rows);
  }

  #bandOf(instances: readonly Instance[], rows: number): InstanceBand {
    const specks = this.#specks?.splice(0);
    return { instances, rows, ...(specks && { specks }) };
  }

  /** Splits what has grown too large. */
  #bound(instances: Instance[]): void {
    if (!this.#tracker.hasLarge) return;
    const { maximalBox, maximalRows } = this.#settings;
    for (const component of this.#tracker.open()) {
      if (!component.isLarger(maximalBox, maximalRows)) continue;
      const { frame, parts } = this.#split(component);
      const { finished, rest } = releaseFinished(component, {
        parts,
        frame,
        labels: this.#space.labels,
        tracker: this.#tracker,
      });
      this.#give(finished, instances);
      for (const open of rest) {
        // What a filled hole alone joined to the last row ends here: no row to
        // come would find it.
        const isOpen = open.bottom === component.bottom;
        const isLarge = open.isLarger(maximalBox / 2, maximalRows / 2);
        if (isOpen && !isLarge) continue;
        open.isClosed = true;
        this.#finish(open, instances);
      }
    }
  }

  /** Gives the objects of a component that no row to come belongs to. */
  #finish(component: OpenComponent, instances: Instance[]): void {
    const { pixels } = component;
    if (pixels < this.#leastArea) return;
    const { parts } = this.#split(component);
    // Filled holes may make it large enough, but they are none of its pixels.
    if (pixels < this.#settings.minimalArea) this.#addSpecks(parts);
    else this.#give(parts, instances);
  }

  #addSpecks(parts: readonly Part[]): void {
    for (const { part: _, area, ...each } of parts) {
      if (area >= this.#leastArea) this.#specks?.push(each);
    }
  }

  #split(
    component: OpenComponent,
  ): { frame: Frame; parts: readonly Part[] } {
    const { threshold } = this.#settings;
    const frame = cutOut(component, this.#space);
    const count = splitComponent(frame, this.#space, {
      settings: this.#settings,
      hasBorder: this.#hasBorder!,
      isRest: component.isRest,
      imageWidth: this.#width,
      imageHeight: this.#next,
      isTaken: (pixels) => this.#isTaken(pixels, frame),
    });
    const parts = cutInstances(frame, this.#space, count, threshold);
    const { labels } = this.#space;
    return { frame, parts: voteClasses(parts, component, { frame, labels }) };
  }

  #give(parts: readonly Part[], instances: Instance[]): void {
    const { minimalArea, maximalHole } = this.#settings;
    this.#addSpecks(parts.filter(({ area }) => area < minimalArea));
    for (const { part: _, area, ...each } of parts) {
      if (area < minimalArea) continue;
      instances.push({ label: ++this.#given, ...each });
      if (area > maximalHole) continue;
      const x = each.x + each.mask.indexOf(1);
      this.#small.push({ x, y: each.y, row: this.#next });
    }
  }

  /** Whether an object that was given lies in this hole. */
  #isTaken(pixels: Int32Array, { x, y, width }: Frame): boolean {
    if (this.#small.length === 0) return false;
    const hole = new Set(pixels);
    for (let i = this.#small.length; i-- > 0;) {
      const small = this.#small[i]!;
      if (small.row < y) return false;
      const column = small.x - x;
      const isInFrame = column >= 0 && column < width;
      if (isInFrame && hole.has((small.y - y) * width + column)) return true;
    }
    return false;
  }

  #check(band: Band): void {
    const { y, height, width } = band;
    const { object, borders, classes } = this.#heads;
    const probability = planeOf(band, object), border = band.planes[borders];
    const isNext = y === this.#next && width === this.#width && height >= 1 &&
      y + height <= this.#height;
    const pixels = width * height;
    const isWhole = probability.length === pixels &&
      (border === undefined || border.length === pixels) &&
      (classes === undefined ||
        planeOf(band, classes.name).length === pixels * classes.channels);
    const isSame = this.#hasBorder === null ||
      this.#hasBorder === (border !== undefined);
    if (isNext && isWhole && isSame) return;
    const beside = (border ? ` and ${border.length} of borders` : "") +
      (classes ? ` and ${planeOf(band, classes.name).length} of classes` : "");
    const next = `rows from ${this.#next} to at most ${this.#height}`;
    throw new RangeError(
      cannot("find instances in", "band", `${width}×${height} from row ${y}`, {
        found: `${probability.length} probabilities${beside}`,
        expected: `${next}, ${this.#width} pixels each` +
          (isSame ? "" : ", borders as in the bands before"),
      }),
    );
  }
}
