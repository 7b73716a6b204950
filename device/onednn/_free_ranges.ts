/** A stretch of a range of addresses. */
interface Range {
  readonly start: number;
  readonly size: number;
}

/**
 * Which parts of a range of addresses are free. Takes the lowest part that is
 * large enough, so that what is in use stays together; what is given back
 * joins its free neighbors.
 */
export class FreeRanges {
  /** By rising address; no two touch. */
  #free: Range[];

  /** @param size All of it is free. */
  constructor(size: number) {
    this.#free = [{ start: 0, size }];
  }

  /** The free parts, by rising address. */
  get parts(): readonly Range[] {
    return this.#free;
  }

  /**
   * Takes a part.
   *
   * @returns Where it begins; null if no free part is so large.
   */
  take(size: number): number | null {
    const index = this.#free.findIndex((range) => range.size >= size);
    const range = this.#free[index];
    if (!range) return null;
    const rest = { start: range.start + size, size: range.size - size };
    this.#free.splice(index, 1, ...rest.size > 0 ? [rest] : []);
    return range.start;
  }

  /** Gives back a part that was taken, as it was taken. */
  give(start: number, size: number): void {
    const found = this.#free.findIndex((range) => range.start > start);
    const index = found === -1 ? this.#free.length : found;
    const before = this.#free[index - 1], after = this.#free[index];
    const touchesBefore = before && before.start + before.size === start;
    const touchesAfter = after && start + size === after.start;
    const from = touchesBefore ? before.start : start;
    const to = touchesAfter ? after.start + after.size : start + size;
    this.#free.splice(
      touchesBefore ? index - 1 : index,
      (touchesBefore ? 1 : 0) + (touchesAfter ? 1 : 0),
      { start: from, size: to - from },
    );
  }
}
