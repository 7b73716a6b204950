import type { Labels } from "@unet/data";
import { type Change, runsOf } from "./change.ts";
import { isObject } from "./find_objects.ts";

/** How many pixels each label has, kept up to date by changes. */
export class LabelAreas {
  readonly #areas = new Map<number, number>();
  #next = 1;

  /** Counts the pixels of labels. */
  static of({ data }: Labels): LabelAreas {
    const areas = new LabelAreas();
    for (let at = 0; at < data.length;) {
      const label = data[at]!, from = at;
      while (at < data.length && data[at] === label) at++;
      areas.#add(label, at - from);
    }
    return areas;
  }

  /** Whether any pixel has a label. */
  has(label: number): boolean {
    return this.#areas.has(label);
  }

  /** How many objects there are. */
  get objects(): number {
    return this.#areas.keys().filter(isObject).toArray().length;
  }

  /** The first number that no object has or had. */
  get next(): number {
    return this.#next;
  }

  /** Takes what a change did. */
  take(change: Change): void {
    for (const { length, before, after } of runsOf(change)) {
      this.#add(before, -length);
      this.#add(after, length);
    }
  }

  #add(label: number, pixels: number): void {
    const area = (this.#areas.get(label) ?? 0) + pixels;
    if (area > 0) this.#areas.set(label, area);
    else this.#areas.delete(label);
    if (isObject(label)) this.#next = Math.max(this.#next, label + 1);
  }
}
