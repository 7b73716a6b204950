import type { Labels } from "@unet/data";
import { type Change, runsOf } from "./change.ts";
import type { FoundClasses } from "../folder/class_table.ts";
import type { ClassChange } from "./edit_line.ts";
import { isObject, objectsAlong } from "./find_objects.ts";
import type { LabelAreas } from "./label_areas.ts";
import type { Operation } from "./operation.ts";

/** What changes of classes come to; nothing where there are none. */
export function reclassedBy(
  changes: readonly ClassChange[],
): (readonly [object: number, name: string])[] | undefined {
  if (changes.length === 0) return undefined;
  return changes.map(([object, _before, after]) => [object, after]);
}

/** The classes of a mask's objects, kept up to date by edits. */
export class MaskClasses {
  readonly #classes: Map<number, string>;
  readonly #names: Set<string>;

  /** @param found What the data set's table says. */
  constructor({ classes, names }: FoundClasses) {
    this.#classes = new Map(classes);
    this.#names = new Set(names);
  }

  /** The class of an object; empty for none. */
  of(object: number): string {
    return this.#classes.get(object) ?? "";
  }

  /** The class of each object that is there. */
  within(areas: LabelAreas): Map<number, string> {
    return new Map([...this.#classes].filter(([object]) => areas.has(object)));
  }

  /** The same, and the names of all classes. */
  found(areas: LabelAreas): FoundClasses {
    return { classes: this.within(areas), names: [...this.#names] };
  }

  /** All classes, and how many objects that are there have each. */
  counted(
    areas: LabelAreas,
  ): { readonly name: string; readonly objects: number }[] {
    const counts = new Map([...this.#names].map((name) => [name, 0]));
    for (const name of this.within(areas).values()) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return [...counts].map(([name, objects]) => ({ name, objects }));
  }

  /**
   * Which classes an operation changes: those that it gives; those of the parts
   * of an object that it split; those of objects that it left nothing of.
   *
   * @param operation The operation.
   * @param labels The labels after it.
   * @param areas The areas of labels after it.
   * @param change What it changed.
   */
  changesBy(
    operation: Operation,
    { labels, areas, change }: {
      readonly labels: Labels;
      readonly areas: LabelAreas;
      readonly change: Change;
    },
  ): ClassChange[] {
    if (operation.tool === "class") {
      return [...objectsAlong(labels, operation.points)]
        .map((object) => [object, this.of(object), operation.name] as const)
        .filter(([, before, after]) => before !== after);
    }
    const changes = new Map<number, ClassChange>();
    for (const { before, after } of runsOf(change)) {
      const isPart = operation.tool === "split" && isObject(after);
      if (isPart && this.of(before) !== this.of(after)) {
        changes.set(after, [after, this.of(after), this.of(before)]);
      }
      if (isObject(before) && !areas.has(before) && this.of(before) !== "") {
        changes.set(before, [before, this.of(before), ""]);
      }
    }
    return [...changes.values()];
  }

  /** Makes changes. */
  take(changes: readonly ClassChange[]): void {
    for (const [object, _, name] of changes) {
      if (name === "") this.#classes.delete(object);
      else this.#classes.set(object, name);
      if (name !== "") this.#names.add(name);
    }
  }
}
