/** Counts the rows that an image has got, and refuses those that do not fit. */
export class RowCount {
  readonly #verb: string;
  readonly #row: number;
  readonly #height: number;
  #done = 0;

  /**
   * @param verb What is being done, as in "write TIFF".
   * @param row Values a row.
   * @param height Rows that are expected.
   */
  constructor(verb: string, row: number, height: number) {
    this.#verb = verb;
    this.#row = row;
    this.#height = height;
  }

  /** Rows so far. */
  get done(): number {
    return this.#done;
  }

  /**
   * Adds rows.
   *
   * @param length The rows' values.
   * @returns How many rows these are.
   * @throws {RangeError} If they are no whole rows, or too many.
   */
  add(length: number): number {
    const rows = length / this.#row;
    if (!Number.isInteger(rows)) {
      throw new RangeError(
        `Cannot ${this.#verb}: found ${length} values, expected rows of ${this.#row}`,
      );
    }
    if (this.#done + rows > this.#height) {
      throw new RangeError(
        `Cannot ${this.#verb}: found ${
          this.#done + rows
        } rows, expected ${this.#height}`,
      );
    }
    this.#done += rows;
    return rows;
  }

  /** @throws {RangeError} If rows are missing. */
  checkComplete(): void {
    if (this.#done === this.#height) return;
    throw new RangeError(
      `Cannot ${this.#verb}: found ${this.#done} rows at the end, expected ${this.#height}`,
    );
  }
}
