/**
 * What a network predicted of an image, kept in a folder.
 *
 * @module
 */
import { join } from "@std/path";
import type { ImageChoice, PixelSize, Rectangle } from "@unet/data";
import { cannot, FileError } from "@unet/errors";
import {
  describeSystemFault,
  FileWriter,
  infoOf,
  parseJson,
  readTextFile,
  replaceFolder,
  writeFile,
} from "@unet/files";
import type { Band } from "@unet/infer";
import type { ImageScale } from "@unet/infer/diameter-settings";
import { objectLimits, type ObjectSettings } from "./object_options.ts";

/** Facts about a kept prediction besides its values. */
export interface PredictionInfo {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** The heads of which there are values, one per pixel. */
  readonly heads: readonly string[];
  /**
   * The classes of objects, the background first, where the network has some:
   * of the head "classes" there is a value per pixel and class.
   */
  readonly classes?: readonly string[];
  /** The model, as the person names it. */
  readonly model: string;
  /** Which part of the file the network saw; empty for the file's first. */
  readonly reading?: ImageChoice;
  /** At which size the network saw the image, where that was asked for. */
  readonly scaled?: ImageScale;
  /** How large the image's pixels are, where that is known. */
  readonly pixelSize?: PixelSize;
  /** What is an object, as the model's card says, in pixels of the image. */
  readonly settings: ObjectSettings;
}

/** The most pixels of an image whose predictions are kept: 2 GB of two heads. */
export const mostKeptPixels: number = 2 ** 28;

/**
 * Keeps what a network predicts, in place of what is there.
 *
 * @param folder Where.
 * @param info What it is.
 * @param bands The values, from the top.
 * @throws {FileError} If it cannot be written, or the image is too large.
 * @throws What the bands throw; what was there stays then.
 */
export async function keepPrediction(
  folder: string,
  info: PredictionInfo,
  bands: AsyncIterable<Band>,
): Promise<void> {
  const pixels = info.width * info.height;
  if (pixels > mostKeptPixels) {
    throw new FileError(
      cannot("keep", "prediction", folder, {
        found: `an image of ${pixels} pixels`,
        expected: `at most ${mostKeptPixels}`,
        remedy: "segment it by the command unet segment",
      }),
    );
  }
  await replaceFolder(folder, async (fresh) => {
    await using stack = new AsyncDisposableStack();
    const files = new Map<string, FileWriter>();
    for (const head of channelsOf(info).keys()) {
      const file = await FileWriter.open(valuesOf(fresh, head), "prediction");
      files.set(head, stack.use(file));
    }
    for await (const { planes } of bands) {
      for (const [head, file] of files) {
        const { buffer, byteOffset, byteLength } = planes[head]!;
        await file.write(new Uint8Array(buffer, byteOffset, byteLength));
      }
    }
    for (const file of files.values()) await file.finish();
    await writeFile(infoPathOf(fresh), JSON.stringify(info), "prediction");
  });
}

/** What was predicted, wherever it is kept. */
export type ReadablePrediction = Pick<KeptPrediction, "info" | "read">;

/** A kept prediction, to be read in pieces. */
export class KeptPrediction {
  /** What it is. */
  readonly info: PredictionInfo;
  readonly #folder: string;

  private constructor(folder: string, info: PredictionInfo) {
    this.#folder = folder;
    this.info = info;
  }

  /**
   * Opens what {@linkcode keepPrediction} kept.
   *
   * @param folder Where.
   * @returns The prediction; null where there is none.
   * @throws {FileError} If it is there and cannot be read.
   *
   * @example
   * ```ts
   * import { KeptPrediction, keepPrediction } from "@unet/app/kept-prediction";
   * import { assertEquals } from "@std/assert";
   *
   * const folder = `${await Deno.makeTempDir()}/a`;
   * const settings = {
   *   ...{ threshold: 0.5, minimalArea: 9, maximalHole: 9 },
   *   ...{ depth: 1, smoothing: 1, borderWeight: 5 },
   * };
   * const info = {
   *   ...{ width: 2, height: 1, heads: ["object"], model: "nuclei", settings },
   * };
   * const object = new Float32Array([0.5, 1]);
   * await keepPrediction(folder, info, (async function* () {
   *   yield { y: 0, width: 2, height: 1, planes: { object } };
   * })());
   * const kept = await KeptPrediction.open(folder);
   * const part = { x: 1, y: 0, width: 1, height: 1 };
   * assertEquals(await kept?.read("object", part), new Float32Array([1]));
   * ```
   */
  static async open(folder: string): Promise<KeptPrediction | null> {
    const path = infoPathOf(folder);
    const there = await infoOf(path).catch((cause) => {
      throw new FileError(
        cannot("read", "prediction", path, {
          found: describeSystemFault(cause),
        }),
        { cause },
      );
    });
    if (!there) return null;
    const info = parseJson(
      await readTextFile(path, "prediction"),
    ) as PredictionInfo;
    // Earlier versions kept fewer settings: such an image is predicted again.
    const isWhole = Object.keys(objectLimits)
      .every((name) => Object.hasOwn(info.settings, name));
    return isWhole ? new KeptPrediction(folder, info) : null;
  }

  /**
   * Reads the values of a head in a part of the image.
   *
   * @param head The head.
   * @param part The part; its rows are read one by one.
   * @returns The values, row by row; those of a pixel's classes together.
   * @throws {RangeError} If there is no such head, or the part is not within the
   * image.
   * @throws {FileError} If the file is gone or cut off.
   */
  async read(
    head: string,
    { x, y, width, height }: Rectangle,
  ): Promise<Float32Array<ArrayBuffer>> {
    const { info } = this, path = valuesOf(this.#folder, head);
    const channels = channelsOf(info).get(head) ?? 0;
    const isWithin = channels > 0 && width >= 1 && height >= 1 &&
      x + width <= info.width && y + height <= info.height;
    if (!isWithin) {
      throw new RangeError(
        `Cannot read prediction: found ${width}×${height} at ${x},${y} of ${head}, expected a part of ${info.width}×${info.height} of ${
          [...channelsOf(info).keys()].join(" or ")
        }`,
      );
    }
    const values = new Float32Array(width * height * channels);
    const bytes = new Uint8Array(values.buffer);
    const isWhole = width === info.width;
    const rows = isWhole ? 1 : height, length = bytes.length / rows;
    try {
      using file = await Deno.open(path);
      for (let row = 0; row < rows; row++) {
        const from = 4 * channels * ((y + row) * info.width + x);
        await file.seek(from, Deno.SeekMode.Start);
        await fill(file, bytes.subarray(row * length, (row + 1) * length));
      }
    } catch (cause) {
      throw new FileError(
        cannot("read", "prediction", path, {
          found: describeSystemFault(cause),
          remedy: "predict the image again",
        }),
        { cause },
      );
    }
    return values;
  }
}

/** How many values per pixel each head has. */
function channelsOf(
  { heads, classes }: Pick<PredictionInfo, "heads" | "classes">,
): Map<string, number> {
  const channels = new Map(heads.map((head) => [head, 1]));
  return classes ? channels.set("classes", classes.length) : channels;
}

async function fill(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const count = await file.read(bytes.subarray(done));
    if (count === null) throw new Error("a file that is cut off");
    done += count;
  }
}

function infoPathOf(folder: string): string {
  return join(folder, "prediction.json");
}

function valuesOf(folder: string, head: string): string {
  return join(folder, `${head}.f32`);
}
