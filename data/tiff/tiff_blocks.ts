import { FileError } from "@unet/errors";
import { decodeBudgets, requireBacked } from "../images/decode_budget.ts";
import {
  type BlockGrid,
  gridOf,
  type PageBacking,
  type PageBlocks,
} from "./block_grid.ts";
import { backingOf } from "./tiff_backing.ts";
import { firstLine } from "../images/first_line.ts";
import {
  readJpegTables,
  readPieces,
  type TiffPage,
  type TiffPieces,
} from "./tiff_page.ts";
import {
  depthOf,
  isPacked,
  type Numbers,
  rowBytesOf,
  toNumbers,
  toValues,
  type Values,
} from "./tiff_values.ts";
import {
  isPicture,
  isPossible,
  unpackable,
  unpackPieces,
} from "./unpack_pieces.ts";

/** Compression makes a piece larger by some bytes, if at all. */
const mostPerByte = 4, spareBytes = 64 * 2 ** 10;

/**
 * Whether a page is decoded block by block; the others are left to the image
 * library, as a whole: palettes, CMYK, L*a*b*, chroma of less resolution
 * without JPEG, values of 1, 2 and 4 bits, old compressions.
 */
export function isBlockwise(page: TiffPage): boolean {
  const { compression, photometric, bits, format, predictor, samples } = page;
  if (!unpackable.has(compression) || page.isBitReversed) return false;
  if (isPicture(compression)) {
    const isGray = page.isSeparate || samples === 1;
    return bits === 8 && format === "unsigned" && predictor === 1 &&
      (isGray
        ? photometric <= 1 || page.isSeparate && photometric === 2
        : samples === 3
        ? photometric === 2 || photometric === 6
        : samples === 4 && compression !== 7 && photometric === 2);
  }
  const isKnown = format === "float"
    ? [16, 32, 64].includes(bits)
    : format === "unsigned" && isPacked(page)
    // One channel of 1, 2 or 4 bits is the library's, as a palette and fax are.
    ? bits <= 31 && (samples > 1 || ![1, 2, 4].includes(bits))
    : format !== "other" && [8, 16, 32, 64].includes(bits);
  const isPredicted = predictor === 1 || compression === 1 ||
    compression === 32773 || predictor === 2 && !isPacked(page) ||
    predictor === 3 && format === "float";
  return isKnown && isPredicted && photometric <= 2;
}

/** Reads blocks of a page that is decoded block by block. */
export class TiffBlocks implements PageBlocks {
  readonly grid: BlockGrid;
  readonly #page: TiffPage;
  #pieces: TiffPieces | undefined;
  #jpegTables: Uint8Array | undefined;

  /** Keeps what a page needs; reads nothing. */
  constructor(page: TiffPage) {
    this.#page = page.predictor !== 1 &&
        (page.compression === 1 || page.compression === 32773)
      ? { ...page, predictor: 1 }
      : page;
    this.grid = gridOf(page);
  }

  backing(): PageBacking {
    return backingOf(this.#page, this.#pieces ??= readPieces(this.#page));
  }

  async read(
    column: number,
    row: number,
    wanted: readonly number[],
  ): Promise<Values> {
    const place = { column, row, planes: this.#page.isSeparate ? wanted : [0] };
    const bytes = this.#requireBacked(place);
    // Stored bytes, their values, and what is made of these.
    return await decodeBudgets().pieces.use(
      3 * bytes,
      () => this.#decode(column, row, wanted),
    );
  }

  async #decode(
    column: number,
    row: number,
    wanted: readonly number[],
  ): Promise<Values> {
    const page = this.#page;
    const isLittle = page.file.littleEndian || isPicture(page.compression);
    if (!page.isSeparate) {
      const bytes = await this.#unpack(column, row, 0, page.samples);
      return toValues(bytes, page, {
        perPixel: page.samples,
        ...{ wanted, isLittleEndian: isLittle },
      });
    }
    const planes: Values[] = [];
    for (const sample of wanted) {
      const bytes = await this.#unpack(column, row, sample, 1);
      planes.push(toValues(bytes, page, {
        perPixel: 1,
        ...{ wanted: [0], isLittleEndian: isLittle },
      }));
    }
    return interleave(planes, depthOf(page));
  }

  /**
   * Reads the numbers of a block as they are stored.
   *
   * @param sample Which of the values of each pixel.
   * @throws {FileError} If it is damaged.
   */
  async readNumbers(
    column: number,
    row: number,
    sample: number,
  ): Promise<Numbers> {
    const page = this.#page, { isSeparate } = page;
    const plane = isSeparate ? sample : 0,
      samples = isSeparate ? 1 : page.samples;
    const isLittle = page.file.littleEndian || isPicture(page.compression);
    const stored = this.#requireBacked({ column, row, planes: [plane] });
    return await decodeBudgets().pieces.use(3 * stored, async () => {
      const bytes = await this.#unpack(column, row, plane, samples);
      const numbers = toNumbers(bytes, page, samples, isLittle);
      return samples === 1
        ? numbers
        : numbers.filter((_, at) => at % samples === sample);
    });
  }

  async #unpack(
    column: number,
    row: number,
    plane: number,
    samples: number,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const page = this.#page, { file } = page, { grid } = this;
    if (page.compression === 7) {
      this.#jpegTables ??= readJpegTables(page);
    }
    const first = row * grid.height, rows = this.#rowsOf(row);
    const rowBytes = rowBytesOf(grid.width * samples, page);
    const pieces = page.compression === 1 && !page.isTiled
      ? this.#storedRows(first, rows, rowBytes, plane)
      : this.#packedPieces({ column, row, rows, rowBytes, plane });
    if (!pieces) {
      return new Uint8Array(rows * rowBytes);
    }
    try {
      return await unpackPieces({
        compression: page.compression,
        photometric: page.isSeparate
          ? 1
          : page.photometric === 0
          ? 1
          : page.photometric,
        width: grid.width,
        rowsPerPiece: page.compression === 1 ? rows : page.tileHeight,
        rows,
        rowBytes,
        samples,
        jpegTables: this.#jpegTables,
        pieces,
      });
    } catch (cause) {
      if (cause instanceof FileError) throw cause;
      const what = page.isTiled ? "tile" : "strip";
      throw file.damaged(
        `${what} at row ${first}, column ${column * grid.width}: ${
          firstLine(cause)
        }`,
        cause,
      );
    }
  }

  /** Rows of a block; less than the grid's in the last strips. */
  #rowsOf(row: number): number {
    const { grid } = this, { isTiled, height } = this.#page;
    return isTiled
      ? grid.height
      : Math.min(grid.height, height - row * grid.height);
  }

  /**
   * Refuses a block that the file does not back.
   *
   * @returns How many bytes it takes.
   */
  #requireBacked(
    { column, row, planes }: {
      readonly column: number;
      readonly row: number;
      readonly planes: readonly number[];
    },
  ): number {
    const page = this.#page;
    const { file, compression, isSeparate, isTiled } = page;
    this.#pieces ??= readPieces(page);
    const values = this.#rowsOf(row) * this.grid.width *
      (isSeparate ? planes.length : page.samples);
    let stored = 0;
    for (const plane of planes) {
      for (const index of this.#indices(column, row, plane)) {
        stored += Math.min(this.#pieces.byteCounts[index]!, file.size);
      }
    }
    stored = Math.min(stored, file.size);
    const unpacked = Math.ceil(values * page.bits / 8);
    if (stored > 0 && !isPossible(compression, stored, unpacked)) {
      throw file.damaged(
        `${isTiled ? "tile" : "strip"} at row ${row * this.grid.height}, ` +
          `column ${column * this.grid.width}: ${unpacked} bytes in ${stored}`,
      );
    }
    const decoded = values * Math.max(page.bits, depthOf(page)) / 8;
    requireBacked(file.path, {
      kind: "piece",
      decoded,
      stored,
      ...(compression === 1 && { times: 1 }),
    });
    return decoded;
  }

  /** The numbers of a block's tile or strips. */
  *#indices(column: number, row: number, plane: number): Generator<number> {
    const { grid } = this, { height, tileHeight } = this.#page;
    const down = Math.ceil(height / tileHeight);
    const first = Math.floor(row * grid.height / tileHeight);
    const end = Math.ceil((row * grid.height + this.#rowsOf(row)) / tileHeight);
    for (let at = first; at < Math.min(end, down); at++) {
      yield (plane * down + at) * grid.across + column;
    }
  }

  /** The bytes of uncompressed rows, which strips may end anywhere between. */
  #storedRows(
    first: number,
    rows: number,
    rowBytes: number,
    plane: number,
  ): [Uint8Array] {
    const { tileHeight, height } = this.#page;
    const { offsets, byteCounts } = this.#pieces!;
    const strips = Math.ceil(height / tileHeight);
    const out = new Uint8Array(rows * rowBytes);
    for (let row = first; row < first + rows;) {
      const strip = Math.floor(row / tileHeight);
      const end = Math.min(first + rows, (strip + 1) * tileHeight);
      const index = plane * strips + strip;
      const from = (row - strip * tileHeight) * rowBytes;
      const length = (end - row) * rowBytes;
      // A strip that was never written is black.
      if (byteCounts[index] !== 0) {
        this.#requireBytes(index, from + length);
        const bytes = this.#page.file.read(offsets[index]! + from, length);
        out.set(bytes, (row - first) * rowBytes);
      }
      row = end;
    }
    return [out];
  }

  /** The compressed bytes of a tile or some strips; undefined where nothing was written. */
  #packedPieces({ column, row, rows, rowBytes, plane }: {
    readonly column: number;
    readonly row: number;
    readonly rows: number;
    readonly rowBytes: number;
    readonly plane: number;
  }): Uint8Array[] | undefined {
    const page = this.#page;
    const { offsets, byteCounts } = this.#pieces!;
    const pieces: Uint8Array[] = [];
    const most = mostPerByte * page.tileHeight * rowBytes + spareBytes;
    for (const index of this.#indices(column, row, plane)) {
      if (byteCounts[index] === 0) {
        // Tiles that were never written are black; strips beside others are not left out.
        if (page.isTiled) return undefined;
        throw this.#page.file.damaged(`strip ${index} of 0 bytes`);
      }
      if (page.compression === 1) this.#requireBytes(index, rows * rowBytes);
      // Some writers count more bytes than a piece has.
      const length = page.compression === 1
        ? rows * rowBytes
        : Math.min(byteCounts[index]!, most);
      pieces.push(this.#page.file.read(offsets[index]!, length));
    }
    return pieces;
  }

  #requireBytes(index: number, bytes: number): void {
    const found = this.#pieces!.byteCounts[index]!;
    if (found >= bytes) return;
    const what = this.#page.isTiled ? "tile" : "strip";
    throw this.#page.file.damaged(`${what} ${index} of ${found} bytes`);
  }
}

function interleave(planes: readonly Values[], depth: 8 | 16 | 32): Values {
  if (planes.length === 1) return planes[0]!;
  const count = planes.length, length = planes[0]!.length * count;
  const out = depth === 8
    ? new Uint8Array(length)
    : depth === 16
    ? new Uint16Array(length)
    : new Float32Array(length);
  for (const [at, plane] of planes.entries()) {
    for (let pixel = 0; pixel < plane.length; pixel++) {
      out[pixel * count + at] = plane[pixel]!;
    }
  }
  return out;
}
