import { deflateSync, inflateSync } from "node:zlib";
import { halveNearest } from "./_halve_nearest.ts";
import type { Values } from "./values.ts";

/** What a level is made of. */
export interface LevelShape {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** Side of a tile; even. */
  readonly tile: number;
  /** Makes an array of the level's type. */
  readonly create: (length: number) => Values;
}

/**
 * One level of a pyramid: gathers rows up to a row of tiles, compresses and
 * writes these, and halves the rows for the next level.
 */
export class TiffLevel {
  /** The level's shape. */
  readonly shape: LevelShape;
  /** Where each tile is in the file. */
  readonly offsets: number[] = [];
  /** How many bytes each tile has. */
  readonly byteCounts: number[] = [];
  readonly #write: (bytes: Uint8Array) => Promise<number>;
  readonly #next: TiffLevel | undefined;
  readonly #halve: typeof halveNearest;
  #rows: Values;
  #block: Values;
  #held = 0;
  #done = 0;

  /**
   * @param shape What it is made of.
   * @param write Adds bytes to the file and returns where they are.
   * @param next The level of half the size.
   * @param mean Whether that shows means, or each second value.
   */
  constructor(
    shape: LevelShape,
    write: (bytes: Uint8Array) => Promise<number>,
    next: TiffLevel | undefined,
    mean: boolean,
  ) {
    const { width, height, channels, tile, create } = shape;
    this.shape = shape;
    this.#write = write;
    this.#next = next;
    this.#halve = mean ? halveMean : halveNearest;
    this.#rows = create(Math.min(tile, height) * width * channels);
    this.#block = create(tile * tile * channels);
  }

  /** Adds whole rows. */
  async add(rows: Values): Promise<void> {
    const { width, height, channels, tile } = this.shape;
    const row = width * channels;
    for (let from = 0; from < rows.length;) {
      const room = Math.min(tile, height - this.#done) * row - this.#held;
      const part = rows.subarray(from, from + room);
      this.#rows.set(part, this.#held);
      this.#held += part.length;
      from += part.length;
      if (part.length === room) await this.#flush();
    }
  }

  /**
   * Takes over from a level of 16 bits what it has: its tiles, written anew,
   * and the rows that it gathered.
   *
   * @param level That level; of the same shape but for the type.
   * @param read Reads back its tiles.
   */
  async widen(
    level: TiffLevel,
    read: (position: number, length: number) => Promise<Uint8Array>,
  ): Promise<void> {
    const { tile } = this.shape;
    for (const [index, offset] of level.offsets.entries()) {
      const bytes = inflateSync(await read(offset, level.byteCounts[index]!));
      const narrow = new Uint16Array(bytes.length / 2);
      new Uint8Array(narrow.buffer).set(bytes);
      for (let y = 0; y < tile; y++) {
        let left = 0;
        for (let x = y * tile; x < (y + 1) * tile; x++) {
          const value = left + narrow[x]! & 0xffff;
          this.#block[x] = value - left;
          left = value;
        }
      }
      await this.#writeBlock();
    }
    this.#rows.set(level.#rows.subarray(0, level.#held));
    this.#held = level.#held;
    this.#done = level.#done;
  }

  /** Gives up the memory of a level whose rows are all written. */
  release(): void {
    this.#rows = this.#block = this.shape.create(0);
  }

  async #writeBlock(): Promise<void> {
    const { buffer, byteOffset, byteLength } = this.#block;
    const bytes = deflateSync(new Uint8Array(buffer, byteOffset, byteLength));
    this.offsets.push(await this.#write(bytes));
    this.byteCounts.push(bytes.length);
  }

  async #flush(): Promise<void> {
    const { width, channels, tile, create } = this.shape;
    const row = width * channels, height = this.#held / row;
    for (let left = 0; left < width; left += tile) {
      this.#cut(left, height);
      await this.#writeBlock();
    }
    if (this.#next) {
      const half = create(
        Math.ceil(height / 2) * Math.ceil(width / 2) * channels,
      );
      const rows = this.#rows.subarray(0, this.#held);
      this.#halve(rows, half, { width, height, channels });
      await this.#next.add(half);
    }
    this.#done += height;
    this.#held = 0;
  }

  /**
   * Copies a tile out of the gathered rows; integers as differences from their
   * left neighbors, which repeats the last one beyond the border.
   */
  #cut(left: number, height: number): void {
    const { width, channels, tile } = this.shape;
    const rows = this.#rows, block = this.#block, row = width * channels;
    const length = Math.min(tile, width - left) * channels;
    block.fill(0);
    for (let y = 0; y < height; y++) {
      const from = y * row + left * channels, to = y * tile * channels;
      if (block instanceof Float32Array) {
        block.set(rows.subarray(from, from + length), to);
        continue;
      }
      for (let i = 0; i < channels; i++) block[to + i] = rows[from + i]!;
      for (let i = channels; i < length; i++) {
        block[to + i] = rows[from + i]! - rows[from + i - channels]! | 0;
      }
    }
  }
}

/** Takes the mean of each four pixels, or of those that there are. */
function halveMean(
  rows: Values,
  half: Values,
  { width, height, channels }: Pick<
    LevelShape,
    "width" | "height" | "channels"
  >,
): void {
  const round = half instanceof Float32Array ? 0 : 0.5;
  let to = 0;
  for (let y = 0; y < height; y += 2) {
    const below = y + 1 < height ? width * channels : 0;
    for (let x = 0; x < width; x += 2) {
      const beside = x + 1 < width ? channels : 0;
      const from = (y * width + x) * channels;
      for (let c = 0; c < channels; c++) {
        const at = from + c;
        const sum = rows[at]! + rows[at + beside]! + rows[at + below]! +
          rows[at + below + beside]!;
        half[to++] = sum / 4 + round;
      }
    }
  }
}
