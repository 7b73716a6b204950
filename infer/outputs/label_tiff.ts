import type { PixelSize } from "@unet/data";
import { TiffWriter } from "./tiff_writer.ts";

/** What a label image is and how it is written. */
export interface LabelTiffOptions {
  /** Pixels a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Whether to add smaller versions; no by default. */
  readonly pyramid?: boolean;
  /** How large a pixel is. */
  readonly pixelSize?: PixelSize;
}

/** The largest label of a file of 16 bits. */
const largest16 = 0xffff;

/**
 * Writes labels as TIFF as their rows come. The file has 16 bits a pixel while
 * that suffices, which every program reads; with the first label above 65,535
 * it becomes one of 32 bits, and what was written is written anew.
 *
 * @example
 * ```ts
 * import { LabelTiff } from "@unet/infer/outputs";
 * import { decodeImage } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/labels.tif`;
 * await using tiff = await LabelTiff.open(path, { width: 2, height: 1 });
 * await tiff.writeRows(new Uint32Array([0, 40000]));
 * await tiff.finish();
 *
 * const { data } = await decodeImage(await Deno.readFile(path), path);
 * assertEquals(data, new Uint16Array([0, 40000]));
 * ```
 */
export class LabelTiff implements AsyncDisposable {
  #tiff: TiffWriter;
  #bits: 16 | 32 = 16;

  private constructor(tiff: TiffWriter) {
    this.#tiff = tiff;
  }

  /**
   * Begins a file. Missing folders above are made.
   *
   * @param path The file, replaced at the end if it is there.
   * @param options What it holds and how.
   * @returns The writer.
   * @throws {FileError} If no file can be made there.
   * @throws {RangeError} If a size cannot be.
   */
  static async open(
    path: string,
    options: LabelTiffOptions,
  ): Promise<LabelTiff> {
    const { width, height, pyramid, pixelSize } = options;
    return new LabelTiff(
      await TiffWriter.open(path, {
        ...{ width, height, type: "uint16", thing: "labels" },
        ...(pyramid && { pyramid: "nearest" }),
        ...(pixelSize && { pixelSize }),
      }),
    );
  }

  /** Bits a pixel so far. */
  get bits(): 16 | 32 {
    return this.#bits;
  }

  /**
   * Adds rows, as many as there are. Wait for one call before the next.
   *
   * @param labels Whole rows, laid out as `[rows, W]`; 0 is background.
   * @throws {FileError} If they cannot be written; nothing of the file is left
   * then.
   * @throws {RangeError} If they are no whole rows, or more than there are.
   */
  async writeRows(labels: Uint32Array): Promise<void> {
    if (this.#bits === 16 && exceeds(labels, largest16)) {
      this.#tiff = await this.#tiff.widen();
      this.#bits = 32;
    }
    await this.#tiff.writeRows(
      this.#bits === 16 ? new Uint16Array(labels) : labels,
    );
  }

  /**
   * Completes the file and gives it its name.
   *
   * @throws {FileError} If it cannot be written; nothing of it is left then.
   * @throws {RangeError} If rows are missing.
   */
  async finish(): Promise<void> {
    await this.#tiff.finish();
  }

  /** Removes what was written; does nothing after the end. */
  async abort(): Promise<void> {
    await this.#tiff.abort();
  }

  /** Aborts, unless the file is finished. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.abort();
  }
}

function exceeds(labels: Uint32Array, most: number): boolean {
  for (let index = 0; index < labels.length; index++) {
    if (labels[index]! > most) return true;
  }
  return false;
}
