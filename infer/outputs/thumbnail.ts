import { encodeJpeg } from "@unet/data";
import { checkSize } from "./_check_size.ts";
import { RowCount } from "./_row_count.ts";

/**
 * Makes a small picture of a large one as its rows come: each of its pixels is
 * the mean of those that it stands for. Memory holds the small picture and a
 * row of sums.
 *
 * @example
 * ```ts
 * import { Thumbnail } from "@unet/infer/outputs";
 * import { assertEquals } from "@std/assert";
 *
 * const thumbnail = new Thumbnail(400, 2);
 * thumbnail.add(new Uint8Array(400 * 3));
 * thumbnail.add(new Uint8Array(400 * 3));
 * assertEquals([thumbnail.width, thumbnail.height], [160, 1]);
 * const jpeg = await thumbnail.encode();
 * assertEquals([...jpeg.subarray(0, 2)], [0xff, 0xd8]);
 * ```
 */
export class Thumbnail {
  /** The small picture's columns. */
  readonly width: number;
  /** The small picture's rows. */
  readonly height: number;
  readonly #columns: number;
  readonly #lines: number;
  readonly #rows: RowCount;
  readonly #picture: Uint8Array;
  /** Sums and counts of the row of the small picture that is under way. */
  readonly #sums: Float64Array;
  readonly #counts: Uint32Array;
  #row = 0;

  /**
   * Begins a picture.
   *
   * @param width Columns of the large picture.
   * @param height Rows of it.
   * @param size The most columns and rows of the small one; 160 by default.
   * @throws {RangeError} If a size cannot be.
   */
  constructor(width: number, height: number, size = 160) {
    checkSize("make thumbnail", width, height);
    checkSize("make thumbnail", size, size);
    const scale = Math.min(1, size / Math.max(width, height));
    this.width = Math.max(1, Math.round(width * scale));
    this.height = Math.max(1, Math.round(height * scale));
    this.#columns = width;
    this.#lines = height;
    this.#rows = new RowCount("make thumbnail", width * 3, height);
    this.#picture = new Uint8Array(this.width * this.height * 3);
    this.#sums = new Float64Array(this.width * 3);
    this.#counts = new Uint32Array(this.width);
  }

  /**
   * Adds rows, as many as there are.
   *
   * @param pixels Whole rows, 8-bit RGB, laid out as `[rows, W, 3]`.
   * @throws {RangeError} If they are no whole rows, or more than there are.
   */
  add(pixels: Uint8Array): void {
    const top = this.#rows.done, rows = this.#rows.add(pixels.length);
    for (let row = 0, at = 0; row < rows; row++) {
      const y = Math.floor((top + row) * this.height / this.#lines);
      if (y > this.#row) this.#finishRow(y);
      for (let column = 0; column < this.#columns; column++, at += 3) {
        const to = Math.floor(column * this.width / this.#columns);
        this.#counts[to]!++;
        for (let c = 0; c < 3; c++) this.#sums[3 * to + c]! += pixels[at + c]!;
      }
    }
    if (this.#rows.done === this.#lines) this.#finishRow(this.height);
  }

  /** Turns the sums into a row, and starts the next one. */
  #finishRow(next: number): void {
    const from = this.#row * this.width * 3;
    this.#sums.forEach((sum, at) =>
      this.#picture[from + at] = Math.round(
        sum / this.#counts[Math.floor(at / 3)]!,
      )
    );
    this.#sums.fill(0);
    this.#counts.fill(0);
    this.#row = next;
  }

  /**
   * Encodes the small picture.
   *
   * @returns A JPEG's bytes.
   * @throws {RangeError} If rows are missing.
   */
  async encode(): Promise<Uint8Array> {
    this.#rows.checkComplete();
    const { width, height } = this;
    return await encodeJpeg(
      { width, height, channels: 3, depth: 8, data: this.#picture },
    );
  }
}
