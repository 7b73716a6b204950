import { classColor } from "@unet/infer/class-color";
import { labelColor } from "@unet/infer/label-color";
import type { ShownClasses } from "../../server/class_routes.ts";

/** By what a mask is colored. */
export type ColorBy = "object" | "class";

/** What a class of no name is: the objects of a mask that have none. */
export const noClass = "";

/** The color of objects without a class, which no class has. */
const gray = [166, 172, 178] as const;

/** How objects are colored. */
export interface Coloring {
  /** By what. */
  readonly by: ColorBy;
  /** The names of classes that are not shown. */
  readonly hidden: ReadonlySet<string>;
}

/** Which class each number of a mask has, kept up to date by edits. */
export class ObjectClasses {
  /** The image. */
  readonly image: string;
  /** Whether numbers are objects, or classes themselves. */
  readonly kind: ShownClasses["kind"];
  readonly #names: string[];
  readonly #places: Map<number, number>;

  /**
   * @param image The image.
   * @param classes What the server says.
   */
  constructor(image: string, { kind, names, places }: ShownClasses) {
    this.image = image;
    this.kind = kind;
    this.#names = [...names];
    this.#places = new Map(places);
  }

  /** The names of all classes. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** The name of a number's class; "" for none. */
  nameOf(label: number): string {
    return this.#names[(this.#places.get(label) ?? 0) - 1] ?? noClass;
  }

  /** How many numbers each class has, by name; 0 for one without any. */
  counts(): Map<string, number> {
    const counts = new Map(this.#names.map((name) => [name, 0]));
    for (const place of this.#places.values()) {
      const name = this.#names[place - 1]!;
      counts.set(name, counts.get(name)! + 1);
    }
    return counts;
  }

  /** The color of a class, by its name. */
  colorOf(name: string): readonly [red: number, green: number, blue: number] {
    const place = this.#names.indexOf(name) + 1;
    return place === 0 ? gray : classColor(place);
  }

  /** Takes the classes that an edit gave objects. */
  take(changes: readonly (readonly [object: number, name: string])[]): void {
    for (const [object, name] of changes) {
      if (name === noClass) {
        this.#places.delete(object);
        continue;
      }
      if (!this.#names.includes(name)) this.#names.push(name);
      this.#places.set(object, this.#names.indexOf(name) + 1);
    }
  }

  /** Whether what the server says is what is known. */
  isAs(image: string, { kind, names, places }: ShownClasses): boolean {
    return image === this.image && kind === this.kind &&
      names.length === this.#names.length &&
      names.every((name, at) => name === this.#names[at]) &&
      places.length === this.#places.size &&
      places.every(([number, place]) => this.#places.get(number) === place);
  }

  /**
   * The color of a number of the mask, as a pixel of a canvas has it.
   *
   * @param label The number.
   * @param coloring By what it is colored, and what is hidden.
   * @returns 0 for what is not shown.
   */
  pixelOf(label: number, { by, hidden }: Coloring): number {
    const name = this.nameOf(label);
    if (hidden.has(name)) return 0;
    return pixelOf(by === "class" ? this.colorOf(name) : labelColor(label));
  }
}

/** A color as a pixel of a canvas has it: alpha, blue, green, red. */
export function pixelOf(
  [red, green, blue]: readonly [red: number, green: number, blue: number],
): number {
  return (0xff000000 | blue << 16 | green << 8 | red) >>> 0;
}
