import { promisify } from "node:util";
import { deflate, gzip } from "node:zlib";
import { FolderWriter } from "@unet/files";
import { checkSize } from "./_check_size.ts";
import { RowCount } from "./_row_count.ts";
import { ZarrLevel } from "./_zarr_level.ts";
import {
  arrayFiles,
  chunkPath,
  labelFiles,
  type ZarrJson,
} from "./_zarr_metadata.ts";
import { requireReplaceable } from "./_require_replaceable.ts";
import type { ClassStyle } from "./class_color.ts";

/** An axis of labels, and how its pixels lie. */
export interface ZarrAxisShape {
  /** What it is. */
  readonly name: "t" | "z" | "y" | "x";
  /** Its unit, as in "micrometer"; none where it is not known. */
  readonly unit?: string;
  /** Pixels along it. */
  readonly length: number;
  /** How far apart neighbors are, in the unit. */
  readonly scale: number;
  /** Where the first pixel is. */
  readonly offset: number;
}

/** Options of OME-Zarr labels. */
export interface LabelZarrOptions {
  /** What they are called; the name of the folder by default. */
  readonly name?: string;
  /**
   * The version of OME-Zarr: 0.4 is of Zarr 2, 0.5 of Zarr 3. 0.4 by default,
   * which more programs read.
   */
  readonly version?: "0.4" | "0.5";
  /** The axes, of which y and x are the last; planes follow one another. */
  readonly axes: readonly ZarrAxisShape[];
  /** The class that each number stands for; instances by default. */
  readonly classes?: readonly ClassStyle[];
  /** The path from the labels to the image that they lie in; none by default. */
  readonly image?: string;
  /**
   * How many levels there are, as labels in an image have as many as the image;
   * by default until one chunk holds a plane.
   */
  readonly levels?: number;
  /** Side of a chunk, an even number; 256 by default. */
  readonly side?: number;
}

/** No image has more levels. */
const mostLevels = 64;

const compress = {
  "0.4": promisify<Uint8Array, Uint8Array>(deflate),
  "0.5": promisify<Uint8Array, Uint8Array>(gzip),
} as const;

/**
 * Writes labels as an OME-Zarr as their rows come: chunks of 256×256, and
 * levels of half the size, a quarter and so on until one chunk holds a plane.
 * Levels take each second pixel of each second row. A chunk of background alone
 * is not stored; readers fill it in. Memory holds a row of chunks per level.
 * The folder appears when it is finished.
 *
 * @example
 * ```ts
 * import { LabelZarr } from "@unet/infer/outputs";
 * import { openImage } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/cells.zarr`;
 * const pixel = { unit: "micrometer", scale: 0.5, offset: 0 };
 * await using zarr = await LabelZarr.open(path, {
 *   axes: [
 *     { name: "y", length: 1, ...pixel },
 *     { name: "x", length: 2, ...pixel },
 *   ],
 * });
 * await zarr.writeRows(new Uint32Array([0, 7]));
 * await zarr.finish();
 *
 * await using image = await openImage(path);
 * assertEquals([...(await image.read(0, 0, 2, 1)).data], [0, 7]);
 * ```
 */
export class LabelZarr implements AsyncDisposable {
  readonly #path: string;
  readonly #options: LabelZarrOptions;
  readonly #folder: FolderWriter;
  readonly #levels: ZarrLevel;
  readonly #rows: RowCount;

  private constructor(
    path: string,
    options: LabelZarrOptions,
    folder: FolderWriter,
  ) {
    this.#path = path;
    this.#options = options;
    this.#folder = folder;
    const { width, height, planes } = sizeOf(options);
    this.#rows = new RowCount("write OME-Zarr", width, height * planes);
    this.#levels = this.#openLevels();
  }

  /**
   * Begins a folder. Missing folders above are made.
   *
   * @param path The folder. A folder of Zarr that is there is replaced at the
   * end.
   * @param options What it holds and how.
   * @returns The writer.
   * @throws {FileError} If no folder can be made there, or one is there that is
   * not of Zarr.
   * @throws {RangeError} If a size or an axis cannot be.
   */
  static async open(
    path: string,
    options: LabelZarrOptions,
  ): Promise<LabelZarr> {
    checkAxes(options);
    await requireReplaceable(path);
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(await FolderWriter.open(path, "labels"));
    const writer = new LabelZarr(path, options, folder);
    await writer.#writeMetadata();
    stack.move();
    return writer;
  }

  /**
   * Adds rows, as many as there are, of a stack plane after plane. Wait for one
   * call before the next.
   *
   * @param rows Whole rows, laid out as `[rows, W]`: numbers of instances, or of
   * classes where there are classes; free again when the promise is kept.
   * @throws {FileError} If they cannot be written; nothing of the folder is left
   * then.
   * @throws {RangeError} If they are no whole rows, or more than there are.
   * @throws {TypeError} If they have another type.
   */
  async writeRows(rows: Uint8Array | Uint32Array): Promise<void> {
    const { create } = typeOf(this.#options);
    const expected = create(0).constructor;
    if (rows.constructor !== expected) {
      throw new TypeError(
        `Cannot write OME-Zarr: found ${rows.constructor.name}, expected ${expected.name}`,
      );
    }
    this.#rows.add(rows.length);
    await this.#levels.add(rows);
  }

  /**
   * Completes the folder and gives it its name.
   *
   * @throws {FileError} If it cannot be written; nothing of it is left then.
   * @throws {RangeError} If rows are missing.
   * @throws {TypeError} If it is finished or aborted.
   */
  async finish(): Promise<void> {
    this.#rows.checkComplete();
    await this.#folder.finish();
  }

  /** Removes what was written; does nothing after the end. */
  async abort(): Promise<void> {
    await this.#folder.abort();
  }

  /** Aborts, unless the folder is finished. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.abort();
  }

  #openLevels(): ZarrLevel {
    const { side = 256, version = "0.4", axes } = this.#options;
    const { create } = typeOf(this.#options);
    let next: ZarrLevel | undefined;
    for (const [level, { width, height }] of sizesOf(this.#options)) {
      next = new ZarrLevel(
        { width, height, side, create },
        async ([plane, row, column], values) => {
          const place = [...placeOf(axes, plane), row, column];
          const bytes = new Uint8Array(
            values.buffer,
            values.byteOffset,
            values.byteLength,
          );
          await this.#folder.write(
            chunkPath(version, String(level), place),
            await compress[version](bytes),
          );
        },
        next,
      );
    }
    return next!;
  }

  async #writeMetadata(): Promise<void> {
    const { version = "0.4", axes, side = 256, classes } = this.#options;
    const { name = this.#path.split(/[/\\]/).at(-1)!, image } = this.#options;
    const { type } = typeOf(this.#options), sizes = sizesOf(this.#options);
    const before = axes.slice(0, -2), names = axes.map(({ name }) => name);
    const files: ZarrJson[] = [
      ...labelFiles(version, {
        ...{ name, axes, levels: sizes.length },
        ...(classes && { classes }),
        ...(image !== undefined && { image }),
      }),
      ...sizes.toReversed().flatMap(([level, { width, height }]) =>
        arrayFiles(version, String(level), {
          ...{ type, names },
          shape: [...before.map(({ length }) => length), height, width],
          chunk: [...before.map(() => 1), side, side],
        })
      ),
    ];
    for (const [path, content] of files) {
      const text = JSON.stringify(content, null, 2) + "\n";
      await this.#folder.write(path, new TextEncoder().encode(text));
    }
  }
}

/** @throws {RangeError} If axes or sizes cannot be. */
function checkAxes(options: LabelZarrOptions): void {
  const { axes, side = 256 } = options;
  const names = axes.map(({ name }) => name).join("");
  if (!/^t?z?yx$/.test(names)) {
    throw new RangeError(
      `Cannot write OME-Zarr: found the axes "${names}", expected some of "tzyx" in this order, y and x among them`,
    );
  }
  const { width, height, planes } = sizeOf(options);
  checkSize("write OME-Zarr", width, height);
  if (!(Number.isSafeInteger(planes) && planes >= 1)) {
    throw new RangeError(
      `Cannot write OME-Zarr: found ${planes} planes, expected at least 1`,
    );
  }
  const { levels = 1 } = options;
  if (!(Number.isInteger(levels) && levels >= 1 && levels <= mostLevels)) {
    throw new RangeError(
      `Cannot write OME-Zarr: found ${levels} levels, expected 1 to ${mostLevels}`,
    );
  }
  if (!(Number.isInteger(side / 2) && side > 0)) {
    throw new RangeError(
      `Cannot write OME-Zarr: found chunks of ${side}, expected an even number`,
    );
  }
}

function sizeOf({ axes }: LabelZarrOptions) {
  const [height, width] = axes.slice(-2).map(({ length }) => length);
  const planes = axes.slice(0, -2).reduce((all, { length }) => all * length, 1);
  return { width: width!, height: height!, planes };
}

/** The levels with their sizes, the smallest first. */
function sizesOf(
  options: LabelZarrOptions,
): [number, { readonly width: number; readonly height: number }][] {
  const { side = 256, levels } = options;
  let { width, height } = sizeOf(options);
  const sizes = [{ width, height }];
  while (
    levels === undefined
      ? Math.max(width, height) > side
      : sizes.length < levels
  ) {
    width = Math.ceil(width / 2);
    height = Math.ceil(height / 2);
    sizes.push({ width, height });
  }
  return [...sizes.entries()].toReversed();
}

/** Where a plane lies along the axes above y and x. */
function placeOf(axes: readonly ZarrAxisShape[], plane: number): number[] {
  const place: number[] = [];
  for (const { length } of axes.slice(0, -2).toReversed()) {
    place.unshift(plane % length);
    plane = Math.floor(plane / length);
  }
  return place;
}

function typeOf({ classes }: LabelZarrOptions) {
  return classes
    ? {
      type: "uint8",
      create: (length: number) => new Uint8Array(length),
    } as const
    : {
      type: "uint32",
      create: (length: number) => new Uint32Array(length),
    } as const;
}
