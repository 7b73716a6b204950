import { TextFile } from "./_text_file.ts";
import type { Measurement } from "./measure_instance.ts";
import {
  measurementCells,
  type MeasurementColumnOptions,
  measurementColumns,
} from "./measurement_columns.ts";

/** Which columns a table has. */
export interface MeasurementCsvOptions extends MeasurementColumnOptions {
  /**
   * The names of the channels that are measured, as in `["red", "green",
   * "blue"]`; none by default.
   */
  readonly channels?: readonly string[];
}

/**
 * Writes a table of measurements, one row per object, with the columns of
 * {@linkcode measurementColumns}. Comma-separated as in RFC 4180, in UTF-8,
 * with 10 significant digits. What is not known is empty.
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
 * assertEquals(names?.slice(0, 25), "label,bbox_x_px,bbox_y_px");
 * assertEquals(values, "1,3,4,1,2,2,0,3,4.5,2,0,,,,,,,1,1,0.5");
 * ```
 */
export class MeasurementCsv implements AsyncDisposable {
  readonly #file: TextFile;
  readonly #channels: readonly string[];
  readonly #columns: MeasurementColumnOptions;

  private constructor(
    file: TextFile,
    channels: readonly string[],
    columns: MeasurementColumnOptions,
  ) {
    this.#file = file;
    this.#channels = channels;
    this.#columns = columns;
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
    { channels = [], ...options }: MeasurementCsvOptions = {},
  ): Promise<MeasurementCsv> {
    const file = await TextFile.open(path, "measurements");
    const csv = new MeasurementCsv(file, channels, options);
    const columns = measurementColumns(channels, options);
    await csv.#file.write(`${columns.join(",")}\r\n`);
    return csv;
  }

  /**
   * Adds rows.
   *
   * @param measurements One per row.
   * @throws {FileError} If they cannot be written; nothing of the file is left
   * then.
   * @throws {RangeError} If one has other channels than the table.
   */
  async add(measurements: readonly Measurement[]): Promise<void> {
    for (const measured of measurements) {
      const { label, intensities } = measured;
      const found = intensities.map(({ channel }) => channel);
      if (found.join("\n") !== this.#channels.join("\n")) {
        throw new RangeError(
          `Cannot write measurements of object ${label}: found channels ${
            listOf(found)
          }, expected ${listOf(this.#channels)}`,
        );
      }
      const cells = measurementCells(measured, this.#columns).map(cellOf);
      await this.#file.write(`${cells.join(",")}\r\n`);
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
}

function cellOf(value: number | string | undefined): string {
  if (typeof value === "string") return value;
  return value === undefined ? "" : String(Number(value.toPrecision(10)));
}

function listOf(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join(", ");
}
