import { TextFile } from "./_text_file.ts";
import type { Extent, Measurement } from "./measure_instance.ts";

/** Which columns a table has. */
export interface MeasurementCsvOptions {
  /**
   * The names of the channels that are measured, as in `["red", "green",
   * "blue"]`; none by default.
   */
  readonly channels?: readonly string[];
  /** Whether the pixel size is known; no by default. */
  readonly micrometers?: boolean;
}

const extent: readonly (readonly [name: string, key: keyof Extent])[] = [
  ["area", "area"],
  ["perimeter", "perimeter"],
  ["centroid_x", "centroidX"],
  ["centroid_y", "centroidY"],
  ["major_axis", "majorAxis"],
  ["minor_axis", "minorAxis"],
];

/**
 * Writes a table of measurements, one row an object: label, bounding box, area,
 * perimeter, centroid and axes in pixels (`area_px`) and, if asked for, in
 * micrometers (`area_um`, the area in µm²), eccentricity, solidity,
 * probability, and each channel's mean and sum. Comma-separated as RFC 4180
 * has it, in UTF-8, with 10 significant digits. What is not known is empty.
 *
 * @example
 * ```ts
 * import { measureInstance, MeasurementCsv } from "@unet/infer/outputs";
 * import { assertEquals } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/cells.csv`;
 * await using csv = await MeasurementCsv.open(path);
 * await csv.add([measureInstance({
 *   label: 1,
 *   x: 3,
 *   y: 4,
 *   width: 1,
 *   height: 2,
 *   mask: new Uint8Array([1, 1]),
 *   probability: 0.5,
 * })]);
 * await csv.finish();
 *
 * const [names, values] = (await Deno.readTextFile(path)).split("\r\n");
 * assertEquals(names?.slice(0, 29), "label,x,y,width,height,area_p");
 * assertEquals(values, "1,3,4,1,2,2,0,3,4.5,2,0,1,1,0.5");
 * ```
 */
export class MeasurementCsv implements AsyncDisposable {
  readonly #file: TextFile;
  readonly #channels: number;
  readonly #micrometers: boolean;

  private constructor(
    file: TextFile,
    channels: number,
    micrometers: boolean,
  ) {
    this.#file = file;
    this.#channels = channels;
    this.#micrometers = micrometers;
  }

  /**
   * Begins a table. Missing folders above are made.
   *
   * @param path The file, replaced at the end if it is there.
   * @param options Its columns.
   * @returns The writer.
   * @throws {FileError} If no file can be made there.
   */
  static async open(
    path: string,
    options: MeasurementCsvOptions = {},
  ): Promise<MeasurementCsv> {
    const { channels = [], micrometers = false } = options;
    const file = await TextFile.open(path, "measurements");
    const names = [
      ...["label", "x", "y", "width", "height"],
      ...extent.map(([name]) => `${name}_px`),
      ...(micrometers ? extent.map(([name]) => `${name}_um`) : []),
      ...["eccentricity", "solidity", "probability"],
      ...channels.flatMap((name) => [`mean_${name}`, `sum_${name}`]),
    ];
    const csv = new MeasurementCsv(file, channels.length, micrometers);
    await csv.#row(names);
    return csv;
  }

  /**
   * Adds rows.
   *
   * @param measurements One a row.
   * @throws {FileError} If they cannot be written; nothing of the file is left
   * then.
   * @throws {RangeError} If one has not the channels or the micrometers that
   * the table has columns for.
   */
  async add(measurements: readonly Measurement[]): Promise<void> {
    for (const measured of measurements) {
      const { label, x, y, width, height, intensities } = measured;
      if (intensities.length !== this.#channels) {
        throw new RangeError(
          `Cannot write measurements of object ${label}: found ${intensities.length} channels, expected ${this.#channels}`,
        );
      }
      if (this.#micrometers && !measured.micrometers) {
        throw new RangeError(
          `Cannot write measurements of object ${label}: found none in micrometers, expected some`,
        );
      }
      const { pixels, micrometers } = measured;
      await this.#row([
        ...[label, x, y, width, height],
        ...extent.map(([, key]) => pixels[key]),
        ...(this.#micrometers
          ? extent.map(([, key]) => micrometers![key])
          : []),
        measured.eccentricity,
        measured.solidity,
        measured.probability,
        ...intensities.flatMap(({ mean, sum }) => [mean, sum]),
      ]);
    }
  }

  /**
   * Completes the file and gives it its name.
   *
   * @throws {FileError} If it cannot be written; nothing of it is left then.
   */
  async finish(): Promise<void> {
    await this.#file.finish();
  }

  /** Removes what was written; does nothing after the end. */
  async abort(): Promise<void> {
    await this.#file.abort();
  }

  /** Aborts, unless the file is finished. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.abort();
  }

  async #row(
    cells: readonly (string | number | undefined)[],
  ): Promise<void> {
    await this.#file.write(`${cells.map(cellOf).join(",")}\r\n`);
  }
}

function cellOf(value: string | number | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "number") return String(Number(value.toPrecision(10)));
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
