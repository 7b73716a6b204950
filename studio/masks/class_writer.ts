import { type ClassPlace, writeClasses } from "../folder/class_table.ts";

/** Writes the classes of a mask's objects where they changed. */
export class ClassWriter {
  readonly #place: ClassPlace;
  /** What the table has. */
  #written = wordOf(new Map());

  /** @param place Where the classes are. */
  constructor(place: ClassPlace) {
    this.#place = place;
  }

  /** Notes what the table has. */
  note(classes: ReadonlyMap<number, string>): void {
    this.#written = wordOf(classes);
  }

  /**
   * Writes classes, unless the table has them.
   *
   * @throws {UnetError} If the table cannot be read or written.
   */
  async write(classes: ReadonlyMap<number, string>): Promise<void> {
    if (this.#written === wordOf(classes)) return;
    await writeClasses(this.#place, classes);
    this.note(classes);
  }
}

function wordOf(classes: ReadonlyMap<number, string>): string {
  return JSON.stringify([...classes].sort(([one], [other]) => one - other));
}
