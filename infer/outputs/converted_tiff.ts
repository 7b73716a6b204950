import type { PixelSize } from "@unet/data";
import type { StackShape } from "./stack_shape.ts";
import type { TiffWriter } from "./tiff_writer.ts";
import type { Values } from "./values.ts";

/** What a TIFF of one value per pixel is, and how it is written. */
export interface PlaneTiffOptions {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Whether to add smaller versions; no by default. */
  readonly pyramid?: boolean;
  /** How large a pixel is. */
  readonly pixelSize?: PixelSize;
  /** Its planes, whose rows follow one another; one image by default. */
  readonly stack?: StackShape;
}

/** Writes rows as TIFF that are converted to the file's type as they come. */
export abstract class ConvertedTiff<Rows> implements AsyncDisposable {
  /** The file, which a subclass may replace by a wider one. */
  protected tiff: TiffWriter;

  /** @param tiff The file. */
  protected constructor(tiff: TiffWriter) {
    this.tiff = tiff;
  }

  /** Converts whole rows to the file's type. */
  protected abstract convert(rows: Rows): Values | Promise<Values>;

  /**
   * Adds rows, as many as there are. Wait for one call before the next.
   *
   * @param rows Whole rows, laid out as `[rows, W]`.
   * @throws {FileError} If they cannot be written; nothing of the file is left
   * then.
   * @throws {RangeError} If a value cannot be, or they are not whole rows, or
   * more than there are.
   */
  async writeRows(rows: Rows): Promise<void> {
    const converted = await this.convert(rows);
    await this.tiff.writeRows(converted);
  }

  /**
   * Completes the file and gives it its name.
   *
   * @throws {FileError} If it cannot be written; nothing of it is left then.
   * @throws {RangeError} If rows are missing.
   */
  async finish(): Promise<void> {
    await this.tiff.finish();
  }

  /** Removes what was written; does nothing after the end. */
  async abort(): Promise<void> {
    await this.tiff.abort();
  }

  /** Aborts, unless the file is finished. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.abort();
  }
}
