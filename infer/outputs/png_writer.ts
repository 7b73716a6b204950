import { Buffer } from "node:buffer";
import { crc32, createDeflate, type Deflate } from "node:zlib";
import { FileWriter } from "@unet/files";
import { checkSize } from "./_check_size.ts";
import { RowCount } from "./_row_count.ts";
import type { Color } from "./class_color.ts";
import type { PixelSize } from "@unet/data";

/** Options of a PNG. */
export interface PngOptions {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** 1 (gray, the default) or 3 (red, green, blue, interleaved). */
  readonly channels?: 1 | 3;
  /** Bits a value; 8 by default. */
  readonly depth?: 8 | 16;
  /**
   * The colors that values of one channel of 8 bits stand for, at most 256:
   * the file then has a palette, and its values are positions in it.
   */
  readonly palette?: readonly Color[];
  /** What the file says of itself, as its "Description"; nothing by default. */
  readonly description?: string;
  /** How large a pixel is; stored as pixels per meter. */
  readonly pixelSize?: PixelSize;
  /** What it is to the person who reads a message, as in "mask"; "image" by default. */
  readonly thing?: string;
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** The filters of PNG that are used here. */
const unfiltered = 0, differenceAbove = 2;

/** Filtered bytes are handed to the compressor in pieces of about this size. */
const pieceLength = 1 << 20;

/**
 * Writes a PNG of any height as its rows come. Memory holds a few rows. The
 * file appears when it is finished.
 *
 * @example
 * ```ts
 * import { PngWriter } from "@unet/infer/outputs";
 * import { decodeImage } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/mask.png`;
 * await using png = await PngWriter.open(path, { width: 2, height: 2 });
 * await png.writeRows(new Uint8Array([0, 255]));
 * await png.writeRows(new Uint8Array([255, 0]));
 * await png.finish();
 *
 * const { data } = await decodeImage(await Deno.readFile(path), path);
 * assertEquals(data, new Uint8Array([0, 255, 255, 0]));
 * ```
 */
export class PngWriter implements AsyncDisposable {
  readonly #options: PngOptions;
  readonly #file: FileWriter;
  readonly #rows: RowCount;
  readonly #deflate: Deflate = createDeflate();
  readonly #compressed: Uint8Array[] = [];
  #above: Uint8Array;

  private constructor(options: PngOptions, file: FileWriter) {
    const { width, height, channels = 1, depth = 8 } = options;
    this.#options = options;
    this.#file = file;
    this.#rows = new RowCount("write PNG", width * channels, height);
    this.#above = new Uint8Array(width * channels * depth / 8);
    this.#deflate.on("data", (bytes: Uint8Array) => {
      this.#compressed.push(bytes);
    });
  }

  /**
   * Begins a file. Missing folders above are made.
   *
   * @param path The file, replaced at the end if it is there.
   * @param options What it holds.
   * @returns The writer.
   * @throws {FileError} If no file can be made there.
   * @throws {RangeError} If a size cannot be, or the palette cannot be used.
   */
  static async open(path: string, options: PngOptions): Promise<PngWriter> {
    const { width, height, channels = 1, depth = 8, pixelSize } = options;
    const { palette, description } = options;
    checkSize("write PNG", width, height, pixelSize);
    checkPalette(options);
    const file = await FileWriter.open(path, options.thing ?? "image");
    const png = new PngWriter(options, file);
    await file.write(Uint8Array.from(signature));
    const header = new Uint8Array(13), view = new DataView(header.buffer);
    view.setUint32(0, width);
    view.setUint32(4, height);
    header.set([depth, palette ? 3 : channels === 3 ? 2 : 0], 8);
    await png.#chunk("IHDR", header);
    if (pixelSize) {
      const size = new Uint8Array(9), view = new DataView(size.buffer);
      view.setUint32(0, perMeter(pixelSize.x));
      view.setUint32(4, perMeter(pixelSize.y));
      size[8] = 1;
      await png.#chunk("pHYs", size);
    }
    if (palette) await png.#chunk("PLTE", Uint8Array.from(palette.flat()));
    if (description !== undefined) {
      await png.#chunk("iTXt", internationalText("Description", description));
    }
    return png;
  }

  /**
   * Adds rows, as many as there are. Wait for one call before the next.
   *
   * @param rows Whole rows, laid out as `[rows, W, C]`, of the file's depth;
   * free again when the promise is kept.
   * @throws {FileError} If they cannot be written; nothing of the file is left
   * then.
   * @throws {RangeError} If they are no whole rows, or more than there are.
   * @throws {TypeError} If they have another type, or the file is finished.
   */
  async writeRows(rows: Uint8Array | Uint16Array): Promise<void> {
    const { width, channels = 1, depth = 8 } = this.#options;
    const expected = depth === 8 ? Uint8Array : Uint16Array;
    if (!(rows instanceof expected)) {
      throw new TypeError(
        `Cannot write PNG: found ${rows.constructor.name}, expected ${expected.name}`,
      );
    }
    const count = this.#rows.add(rows.length), row = width * channels;
    const atOnce = Math.max(1, Math.floor(pieceLength * 8 / (row * depth)));
    for (let y = 0; y < count; y += atOnce) {
      const part = rows.subarray(y * row, Math.min(count, y + atOnce) * row);
      await this.#compress(this.#filter(bigEndian(part)));
    }
  }

  /**
   * Completes the file and gives it its name.
   *
   * @throws {FileError} If it cannot be written; nothing of it is left then.
   * @throws {RangeError} If rows are missing.
   * @throws {TypeError} If it is finished or aborted.
   */
  async finish(): Promise<void> {
    this.#rows.checkComplete();
    if (!this.#deflate.writableEnded) {
      await new Promise<void>((resolve, reject) => {
        this.#deflate.once("error", reject).once("end", resolve).end();
      });
    }
    await this.#writeCompressed();
    await this.#chunk("IEND", new Uint8Array());
    await this.#file.finish();
  }

  /** Removes what was written; does nothing after the end. */
  async abort(): Promise<void> {
    this.#deflate.destroy();
    await this.#file.abort();
  }

  /** Aborts, unless the file is finished. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.abort();
  }

  /**
   * Puts a filter's number before each row. Masks and positions in a palette
   * are left as they are, for nothing compresses better; colors and 16 bits as
   * differences from above.
   */
  #filter(bytes: Uint8Array): Uint8Array {
    const row = this.#above.length, rows = bytes.length / row;
    const { channels = 1, depth = 8 } = this.#options;
    const filter = channels === 1 && depth === 8 ? unfiltered : differenceAbove;
    const out = new Uint8Array((row + 1) * rows);
    for (let y = 0; y < rows; y++) {
      const here = bytes.subarray(y * row, (y + 1) * row);
      const to = y * (row + 1) + 1;
      out[to - 1] = filter;
      if (filter === unfiltered) {
        out.set(here, to);
      } else {
        const above = this.#above;
        for (let x = 0; x < row; x++) out[to + x] = here[x]! - above[x]!;
        this.#above = here;
      }
    }
    // The caller's rows may change before the next ones come.
    this.#above = this.#above.slice();
    return out;
  }

  async #compress(bytes: Uint8Array): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#deflate.write(
        bytes,
        (error) => error ? reject(error) : resolve(),
      );
    });
    await this.#writeCompressed();
  }

  async #writeCompressed(): Promise<void> {
    const bytes = Buffer.concat(this.#compressed.splice(0));
    if (bytes.length > 0) await this.#chunk("IDAT", bytes);
  }

  async #chunk(type: string, content: Uint8Array): Promise<void> {
    const start = new Uint8Array(8), end = new Uint8Array(4);
    new DataView(start.buffer).setUint32(0, content.length);
    new TextEncoder().encodeInto(type, start.subarray(4));
    const sum = crc32(content, crc32(start.subarray(4)));
    new DataView(end.buffer).setUint32(0, sum);
    for (const bytes of [start, content, end]) await this.#file.write(bytes);
  }
}

/** @throws {RangeError} If a palette does not go with the rest. */
function checkPalette(
  { palette, channels = 1, depth = 8 }: PngOptions,
): void {
  if (palette === undefined) return;
  const isFit = channels === 1 && depth === 8 && palette.length >= 1 &&
    palette.length <= 256;
  if (isFit) return;
  throw new RangeError(
    `Cannot write PNG: found a palette of ${palette.length} colors for ${channels}×${depth} bits, expected 1 to 256 for 1×8`,
  );
}

/** A text in UTF-8, not compressed, in no particular language. */
function internationalText(keyword: string, text: string): Uint8Array {
  return new TextEncoder().encode(`${keyword}\0\0\0\0\0${text}`);
}

function perMeter(micrometers: number): number {
  return Math.min(2 ** 31 - 1, Math.round(1e6 / micrometers));
}

/** The bytes of values in PNG's order. */
function bigEndian(values: Uint8Array | Uint16Array): Uint8Array {
  if (values instanceof Uint8Array) return values;
  const bytes = new Uint8Array(values.length * 2);
  for (let i = 0; i < values.length; i++) {
    bytes[2 * i] = values[i]! >> 8;
    bytes[2 * i + 1] = values[i]!;
  }
  return bytes;
}
