import { ConvertedTiff, type PlaneTiffOptions } from "./converted_tiff.ts";
import { TiffWriter } from "./tiff_writer.ts";

/** Options of a label image. */
export type LabelTiffOptions = PlaneTiffOptions;

/** The largest label of a file of 16 bits. */
const largest16 = 0xffff;

/**
 * Writes labels as TIFF as their rows come. The file has 16 bits a pixel while
 * that is enough, which every program reads; with the first label above 65,535
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
export class LabelTiff extends ConvertedTiff<Uint32Array> {
  #bits: 16 | 32 = 16;

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
    const { width, height, pyramid, pixelSize, stack } = options;
    return new LabelTiff(
      await TiffWriter.open(path, {
        ...{ width, height, type: "uint16", thing: "labels" },
        ...(pyramid && { pyramid: "nearest" }),
        ...(pixelSize && { pixelSize }),
        ...(stack && { stack }),
      }),
    );
  }

  /** Bits a pixel so far. */
  get bits(): 16 | 32 {
    return this.#bits;
  }

  /** Labels as the file has them; the file is widened where they need it. */
  protected override async convert(
    labels: Uint32Array,
  ): Promise<Uint16Array | Uint32Array> {
    if (this.#bits === 16 && exceeds(labels, largest16)) {
      this.tiff = await this.tiff.widen();
      this.#bits = 32;
    }
    return this.#bits === 16 ? new Uint16Array(labels) : labels;
  }
}

function exceeds(labels: Uint32Array, most: number): boolean {
  for (let index = 0; index < labels.length; index++) {
    if (labels[index]! > most) return true;
  }
  return false;
}
