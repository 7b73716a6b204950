import { describeOme } from "./_ome_image.ts";
import { ConvertedTiff, type PlaneTiffOptions } from "./converted_tiff.ts";
import { TiffWriter } from "./tiff_writer.ts";

/** Options of a probability map; smaller versions are means. */
export interface ProbabilityTiffOptions extends PlaneTiffOptions {
  /**
   * 8 (the default) writes `round(255 · p)`, which every program shows and a
   * network's certainty seldom exceeds; 32 writes floats, four times as large
   * before compression and many times after it.
   */
  readonly depth?: 8 | 32;
  /**
   * What each of several probabilities per pixel is of: the file then is an
   * OME-TIFF with a channel of that name for each. One probability by default.
   */
  readonly channels?: readonly string[];
}

/**
 * Writes probabilities as TIFF as their rows come: one per pixel, or one per
 * pixel and channel, interleaved.
 *
 * @example
 * ```ts
 * import { ProbabilityTiff } from "@unet/infer/outputs";
 * import { decodeImage } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/probability.tif`;
 * await using tiff = await ProbabilityTiff.open(path, { width: 3, height: 1 });
 * await tiff.writeRows(new Float32Array([0, 0.2, 1]));
 * await tiff.finish();
 *
 * const { data } = await decodeImage(await Deno.readFile(path), path);
 * assertEquals(data, new Uint8Array([0, 51, 255]));
 * ```
 */
export class ProbabilityTiff extends ConvertedTiff<Float32Array> {
  readonly #depth: 8 | 32;

  private constructor(tiff: TiffWriter, depth: 8 | 32) {
    super(tiff);
    this.#depth = depth;
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
    options: ProbabilityTiffOptions,
  ): Promise<ProbabilityTiff> {
    const { width, height, depth = 8, pyramid, pixelSize, channels } = options;
    const { stack } = options;
    const size = {
      ...{ width, height, type: depth === 8 ? "uint8" : "float32" } as const,
      ...(pixelSize && { pixelSize }),
      ...(stack && { stack }),
    };
    const tiff = await TiffWriter.open(path, {
      ...{ ...size, thing: "probabilities" },
      ...(channels && {
        planes: channels.length,
        description: describeOme({ ...size, channels }),
      }),
      ...(pyramid && { pyramid: "mean" }),
    });
    return new ProbabilityTiff(tiff, depth);
  }

  /** Probabilities as the file has them. */
  protected override convert(
    probability: Float32Array,
  ): Uint8Array | Float32Array {
    const wrong = probability.find((value) => !(value >= 0 && value <= 1));
    if (wrong !== undefined) {
      throw new RangeError(
        `Cannot write probabilities: found ${wrong}, expected 0…1`,
      );
    }
    return this.#depth === 32 ? probability : toBytes(probability);
  }
}

function toBytes(probability: Float32Array): Uint8Array {
  const bytes = new Uint8Array(probability.length);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = Math.round(255 * probability[i]!);
  }
  return bytes;
}
