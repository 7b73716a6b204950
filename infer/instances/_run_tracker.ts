import type { InstanceSettings } from "./instance_options.ts";
import { OpenComponent, type RunValues } from "./_open_component.ts";

/**
 * Finds connected foreground row by row: pixels that touch by a side or a
 * corner belong together. It knows the runs of the last row, and through them
 * every component that may still grow.
 */
export class RunTracker {
  #row: Runs;
  #above: Runs;
  readonly #width: number;
  readonly #threshold: number;
  readonly #maximalBox: number;
  readonly #maximalRows: number;
  readonly #channels: number;

  /** Whether a component of the last row is larger or taller than allowed. */
  hasLarge = false;

  /**
   * @param width Pixels of a row.
   * @param settings What is above the threshold is foreground; how large a
   * component may get.
   * @param channels Classes that rows have probabilities of; none by default.
   */
  constructor(
    width: number,
    { threshold, maximalBox, maximalRows }: Pick<
      InstanceSettings,
      "threshold" | "maximalBox" | "maximalRows"
    >,
    channels = 0,
  ) {
    this.#width = width;
    this.#threshold = threshold;
    this.#maximalBox = maximalBox;
    this.#maximalRows = maximalRows;
    this.#channels = channels;
    this.#row = new Runs(width);
    this.#above = new Runs(width);
  }

  /**
   * Adds a row.
   *
   * @param y Which row.
   * @param values What the network says of it.
   */
  add(
    y: number,
    { probability, border, classes = null, offset }: RunValues,
  ): void {
    const width = this.#width, threshold = this.#threshold;
    [this.#above, this.#row] = [this.#row, this.#above];
    const above = this.#above, row = this.#row;
    row.count = 0;
    this.hasLarge = false;
    let candidate = 0;
    for (let x = 0; x < width;) {
      if (!(probability[offset + x]! > threshold)) {
        x++;
        continue;
      }
      const start = x;
      while (x < width && probability[offset + x]! > threshold) x++;
      while (candidate < above.count && above.ends[candidate]! < start) {
        candidate++;
      }
      let component: OpenComponent | null = null, at = candidate;
      for (; at < above.count && above.starts[at]! <= x; at++) {
        const touched = above.components[at]!.root();
        if (touched.isClosed || touched === component) continue;
        component = component === null ? touched : component.unite(touched);
      }
      // The last one may reach the next run as well.
      candidate = Math.max(candidate, at - 1);
      component ??= new OpenComponent(
        border !== null,
        classes === null ? 0 : this.#channels,
      );
      component.append(
        { y, start, end: x },
        { probability, border, classes, offset: offset + start },
      );
      this.hasLarge ||= component.isLarger(this.#maximalBox, this.#maximalRows);
      row.starts[row.count] = start;
      row.ends[row.count] = x;
      row.components[row.count++] = component;
    }
  }

  /** Components that the last row did not reach, from left to right. */
  ended(y: number): OpenComponent[] {
    const { components, count } = this.#above;
    const found: OpenComponent[] = [];
    for (let i = 0; i < count; i++) {
      const component = components[i]!.root();
      if (component.isClosed || component.bottom === y) continue;
      component.isClosed = true;
      found.push(component);
    }
    return found;
  }

  /** Components that the last row belongs to, from left to right. */
  open(): OpenComponent[] {
    const { components, count } = this.#row;
    const found = new Set<OpenComponent>();
    for (let i = 0; i < count; i++) {
      const component = components[i]!.root();
      if (!component.isClosed) found.add(component);
    }
    return [...found];
  }

  /**
   * Puts others in the place of a component.
   *
   * @param component The component, which is closed by that.
   * @param successor Which component a pixel of the last row belongs to now.
   */
  replace(
    component: OpenComponent,
    successor: (x: number) => OpenComponent,
  ): void {
    const { components, starts, count } = this.#row;
    for (let i = 0; i < count; i++) {
      if (components[i]!.root() !== component) continue;
      components[i] = successor(starts[i]!);
    }
    component.isClosed = true;
  }
}

/** The runs of foreground of one row; ends lie one beyond. */
class Runs {
  count = 0;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly components: OpenComponent[] = [];

  constructor(width: number) {
    const most = Math.ceil(width / 2);
    this.starts = new Int32Array(most);
    this.ends = new Int32Array(most);
  }
}
