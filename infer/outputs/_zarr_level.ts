import { halveNearest } from "./_halve_nearest.ts";

/** Values of labels. */
export type LabelValues = Uint8Array | Uint32Array;

/** What a level is made of. */
export interface ZarrLevelShape {
  /** Pixels per row. */
  readonly width: number;
  /** Rows of a plane. */
  readonly height: number;
  /** Side of a chunk; even. */
  readonly side: number;
  /** Makes an array of the level's type. */
  readonly create: (length: number) => LabelValues;
}

/** Stores a chunk at its plane, row and column. */
export type WriteChunk = (
  place: readonly [plane: number, row: number, column: number],
  values: LabelValues,
) => Promise<void>;

/** Chunks that are stored at the same time. */
const atOnce = 8;

/**
 * One level of a pyramid: gathers rows up to a row of chunks, stores those that
 * hold a label, and halves the rows for the next level. Planes follow one
 * another.
 */
export class ZarrLevel {
  readonly #shape: ZarrLevelShape;
  readonly #write: WriteChunk;
  readonly #next: ZarrLevel | undefined;
  readonly #rows: LabelValues;
  #held = 0;
  #done = 0;
  #plane = 0;

  /**
   * @param shape What it is made of.
   * @param write Stores a chunk.
   * @param next The level of half the size.
   */
  constructor(
    shape: ZarrLevelShape,
    write: WriteChunk,
    next: ZarrLevel | undefined,
  ) {
    const { width, height, side, create } = shape;
    this.#shape = shape;
    this.#write = write;
    this.#next = next;
    this.#rows = create(Math.min(side, height) * width);
  }

  /** Adds whole rows. */
  async add(rows: LabelValues): Promise<void> {
    const { width, height, side } = this.#shape;
    for (let from = 0; from < rows.length;) {
      const room = Math.min(side, height - this.#done) * width - this.#held;
      const part = rows.subarray(from, from + room);
      this.#rows.set(part, this.#held);
      this.#held += part.length;
      from += part.length;
      if (part.length === room) await this.#flush();
    }
  }

  async #flush(): Promise<void> {
    const { width, height: all, side, create } = this.#shape;
    const height = this.#held / width, row = this.#done / side;
    const across = Math.ceil(width / side);
    for (let first = 0; first < across; first += atOnce) {
      const columns = Math.min(atOnce, across - first);
      await Promise.all(Array.from({ length: columns }, async (_, at) => {
        const chunk = this.#cut(first + at, height);
        if (chunk) await this.#write([this.#plane, row, first + at], chunk);
      }));
    }
    if (this.#next) {
      const half = create(Math.ceil(height / 2) * Math.ceil(width / 2));
      const rows = this.#rows.subarray(0, this.#held);
      halveNearest(rows, half, { width, height, channels: 1 });
      await this.#next.add(half);
    }
    this.#held = 0;
    this.#done += height;
    if (this.#done < all) return;
    this.#done = 0;
    this.#plane++;
  }

  /** A chunk of the gathered rows; none where all of it is background. */
  #cut(column: number, height: number): LabelValues | undefined {
    const { width, side, create } = this.#shape;
    const left = column * side, length = Math.min(side, width - left);
    const chunk = create(side * side);
    let isEmpty = true;
    for (let y = 0; y < height; y++) {
      const from = y * width + left;
      const line = this.#rows.subarray(from, from + length);
      chunk.set(line, y * side);
      isEmpty &&= line.every((value) => value === 0);
    }
    return isEmpty ? undefined : chunk;
  }
}
