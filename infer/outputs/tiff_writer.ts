import { FileWriter } from "@unet/files";
import { checkSize } from "./_check_size.ts";
import { RowCount } from "./_row_count.ts";
import { levelFields } from "./_level_fields.ts";
import {
  encodeDirectory,
  encodeHeader,
  headerLength,
} from "./_tiff_directory.ts";
import { TiffLevel } from "./_tiff_level.ts";
import type { PixelSize } from "@unet/data";
import type { StackShape } from "./stack_shape.ts";
import type { Values } from "./values.ts";

/** Options of a TIFF. */
export interface TiffOptions {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** 1 (gray, the default) or 3 (red, green, blue, interleaved). */
  readonly channels?: 1 | 3;
  /**
   * Pages, each an image of one channel, whose values come interleaved as
   * `[rows, W, planes]`; 1 by default.
   */
  readonly planes?: number;
  /** The type of a value. */
  readonly type: "uint8" | "uint16" | "uint32" | "float32";
  /** Side of a tile, a multiple of 16; 256 by default. */
  readonly tile?: number;
  /**
   * Adds the image at half the size, a quarter and so on, until it fits into
   * one tile: `nearest` takes each second pixel of each second row, for masks
   * and labels; `mean` averages. None by default.
   */
  readonly pyramid?: "nearest" | "mean";
  /** How large a pixel is; written as pixels per centimeter. */
  readonly pixelSize?: PixelSize;
  /**
   * Makes each plane of a stack pages of its own, which OME-XML describes unless
   * `description` does; the rows of the planes follow one another. One image by
   * default.
   */
  readonly stack?: StackShape;
  /** The first page's ImageDescription, in ASCII; none by default. */
  readonly description?: string;
  /** What it is to the person who reads a message, as in "mask"; "image" by default. */
  readonly thing?: string;
  /**
   * A file that is larger has offsets of 64 bits (BigTIFF), which not every
   * program reads; the default is what 32 bits can address, and the most.
   */
  readonly largestClassic?: number;
}

const create = {
  uint8: (length: number) => new Uint8Array(length),
  uint16: (length: number) => new Uint16Array(length),
  uint32: (length: number) => new Uint32Array(length),
  float32: (length: number) => new Float32Array(length),
};

/**
 * Writes a TIFF of any size as its rows come: tiled, compressed without loss
 * (Deflate; integers as horizontal differences), with a pyramid if asked for.
 * Memory holds one row of tiles a level. The file appears when it is finished.
 *
 * Whether it is a classic TIFF or a BigTIFF is decided by its size at the end.
 * Levels of 8 bits follow one another as pages, as OpenSlide expects them, which
 * reads no other depth; those of 16 and 32 bits, and of files with several
 * planes, are sub-directories of their page, as OME-TIFF has them, so that
 * programs without pyramids see one image per plane. Floats have no predictor,
 * since Bio-Formats knows none for them.
 *
 * @example
 * ```ts
 * import { TiffWriter } from "@unet/infer/outputs";
 * import { decodeImage } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/mask.tif`;
 * await using tiff = await TiffWriter.open(path, {
 *   width: 2,
 *   height: 3,
 *   type: "uint8",
 *   pixelSize: { x: 0.5, y: 0.5 },
 * });
 * await tiff.writeRows(new Uint8Array([0, 255]));
 * await tiff.writeRows(new Uint8Array([255, 255, 0, 0]));
 * await tiff.finish();
 *
 * const { data } = await decodeImage(await Deno.readFile(path), path);
 * assertEquals(data, new Uint8Array([0, 255, 255, 255, 0, 0]));
 * ```
 */
export class TiffWriter implements AsyncDisposable {
  readonly #path: string;
  readonly #options: TiffOptions;
  readonly #file: FileWriter;
  /** The levels of each page that was begun; several at a time are filled. */
  readonly #pages: (readonly TiffLevel[])[] = [];
  readonly #rows: RowCount;
  /** Rows of the pages that are filled. */
  #inPage = 0;

  private constructor(path: string, options: TiffOptions, file: FileWriter) {
    const { width, height, channels = 1, planes = 1, stack } = options;
    this.#path = path;
    this.#options = options;
    this.#file = file;
    const rows = height * (stack?.count ?? 1);
    this.#rows = new RowCount("write TIFF", width * channels * planes, rows);
    this.#beginPages();
  }

  /** Begins a page, or one per plane whose values come interleaved. */
  #beginPages(): void {
    const { channels = 1, planes = 1, type, tile = 256 } = this.#options;
    const isMean = this.#options.pyramid === "mean", file = this.#file;
    const write = async (bytes: Uint8Array) => {
      const at = file.length;
      await file.write(bytes);
      return at;
    };
    // Their rows are all written.
    for (const level of this.#pages.flat()) level.release();
    for (let plane = 0; plane < planes; plane++) {
      const levels: TiffLevel[] = [];
      for (const [width, height] of sizes(this.#options, tile).reverse()) {
        const shape = { width, height, channels, tile, create: create[type] };
        const next = levels[0];
        levels.unshift(new TiffLevel(shape, write, next, isMean));
      }
      this.#pages.push(levels);
    }
    this.#inPage = 0;
  }

  /**
   * Begins a file. Missing folders above are made.
   *
   * @param path The file, replaced at the end if it is there.
   * @param options What it holds and how.
   * @returns The writer.
   * @throws {FileError} If no file can be made there.
   * @throws {RangeError} If a size or a number of planes cannot be.
   */
  static async open(path: string, options: TiffOptions): Promise<TiffWriter> {
    const { width, height, tile = 256, pixelSize, thing = "image" } = options;
    checkSize("write TIFF", width, height, pixelSize);
    checkPlanes(options);
    checkStack(options);
    if (!(Number.isInteger(tile / 16) && tile > 0)) {
      throw new RangeError(
        `Cannot write TIFF: found tiles of ${tile}, expected a multiple of 16`,
      );
    }
    const file = await FileWriter.open(path, thing);
    await file.write(new Uint8Array(headerLength));
    return new TiffWriter(path, options, file);
  }

  /**
   * Adds rows, as many as there are, of a stack plane after plane. Wait for one
   * call before the next.
   *
   * @param rows Whole rows, laid out as `[rows, W, C]`, C of channels or planes,
   * of the file's type; free again when the promise is kept.
   * @throws {FileError} If they cannot be written; nothing of the file is left
   * then.
   * @throws {RangeError} If they are no whole rows, or more than there are.
   * @throws {TypeError} If they have another type, or the file is finished.
   */
  async writeRows(rows: Values): Promise<void> {
    const { type } = this.#options, expected = create[type](0).constructor;
    if (rows.constructor !== expected) {
      throw new TypeError(
        `Cannot write TIFF: found ${rows.constructor.name}, expected ${expected.name}`,
      );
    }
    this.#rows.add(rows.length);
    const { width, height, channels = 1, planes = 1 } = this.#options;
    const row = width * channels * planes;
    for (let from = 0; from < rows.length;) {
      if (this.#inPage === height) this.#beginPages();
      const part = rows.subarray(from, from + (height - this.#inPage) * row);
      for (const [plane, levels] of this.#pages.slice(-planes).entries()) {
        const own = planes === 1
          ? part
          : everyNth(part, { from: plane, step: planes, type });
        await levels[0]!.add(own);
      }
      this.#inPage += part.length / row;
      from += part.length;
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
    const file = this.#file;
    const { largestClassic = 2 ** 32 - 1, type, stack } = this.#options;
    const levels = this.#pages.flat();
    const tiles = levels.reduce((n, level) => n + level.offsets.length, 0);
    // The OME-XML of a stack is shorter.
    const { length: described = 4096 } = this.#options.description ?? {};
    const end = file.length + 8 * tiles + 1024 * levels.length + described;
    const big = end > Math.min(largestClassic, 2 ** 32 - 1);
    const asPages = type === "uint8" && this.#pages.length === 1 && !stack;
    let next = 0;
    // From the last to the first, so that each knows where those after it are.
    for (let page = this.#pages.length - 1; page >= 0; page--) {
      const levels = this.#pages[page]!, inside: number[] = [];
      for (let level = levels.length - 1; level >= 0; level--) {
        if (file.length % 2) await file.write(new Uint8Array(1));
        const at = file.length;
        const fields = levelFields(levels, level, {
          ...this.#options,
          inside: asPages ? [] : inside,
          isFirst: page === 0 && level === 0,
        });
        const isPage = asPages || level === 0;
        await file.write(encodeDirectory(fields, at, isPage ? next : 0, big));
        if (isPage) next = at;
        else inside.unshift(at);
      }
    }
    await file.writeAt(0, encodeHeader(next, big));
    await file.finish();
  }

  /**
   * Continues with 32 bits where 16 are no longer enough: what was written is
   * written anew, and this writer is aborted.
   *
   * @returns The writer that continues.
   * @throws {FileError} If it cannot be written; nothing of either is left then.
   * @throws {TypeError} If this file has not 16 bits and one channel, or is
   * finished or aborted.
   */
  async widen(): Promise<TiffWriter> {
    const { type, channels = 1, planes = 1 } = this.#options;
    if (type !== "uint16" || channels * planes !== 1) {
      throw new TypeError(
        `Cannot widen TIFF: found ${
          channels * planes
        } of ${type}, expected 1 of uint16`,
      );
    }
    await using narrow = this.#file;
    const wide = await TiffWriter.open(this.#path, {
      ...this.#options,
      type: "uint32",
    });
    try {
      for (const [page, levels] of this.#pages.entries()) {
        if (page > 0) wide.#beginPages();
        for (const [index, level] of levels.entries()) {
          await wide.#pages[page]![index]!.widen(
            level,
            (position, length) => narrow.readAt(position, length),
          );
        }
      }
    } catch (cause) {
      await wide.abort();
      throw cause;
    }
    wide.#inPage = this.#inPage;
    wide.#rows.add(this.#rows.done * this.#options.width);
    return wide;
  }

  /** Removes what was written; does nothing after the end. */
  async abort(): Promise<void> {
    await this.#file.abort();
  }

  /** Aborts, unless the file is finished. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.abort();
  }
}

/** @throws {RangeError} If planes cannot be as many, or have colors. */
function checkPlanes({ planes = 1, channels = 1 }: TiffOptions): void {
  const isCount = Number.isInteger(planes) && planes >= 1 && planes <= 1024;
  if (isCount && (planes === 1 || channels === 1)) return;
  throw new RangeError(
    `Cannot write TIFF: found ${planes} planes of ${channels} channels, expected 1 to 1024 of one channel`,
  );
}

/** @throws {RangeError} If a stack has no plane. */
function checkStack({ stack }: TiffOptions): void {
  if (!stack || Number.isSafeInteger(stack.count) && stack.count >= 1) return;
  throw new RangeError(
    `Cannot write TIFF: found a stack of ${stack.count}, expected at least 1`,
  );
}

/** Each `step`th value, as of one plane of those that come interleaved. */
function everyNth(
  rows: Values,
  { from, step, type }: {
    readonly from: number;
    readonly step: number;
    readonly type: TiffOptions["type"];
  },
): Values {
  const own = create[type](rows.length / step);
  for (let at = from, to = 0; at < rows.length; at += step) {
    own[to++] = rows[at]!;
  }
  return own;
}

/** The levels' sizes, from the whole image to one that fits into a tile. */
function sizes(
  { width, height, pyramid }: TiffOptions,
  tile: number,
): [number, number][] {
  const found: [number, number][] = [[width, height]];
  while (pyramid && Math.max(width, height) > tile) {
    width = Math.ceil(width / 2);
    height = Math.ceil(height / 2);
    found.push([width, height]);
  }
  return found;
}
