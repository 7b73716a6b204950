import { toRgb8 } from "@unet/data";
import { writeFile } from "@unet/files";
import type { OutputPaths } from "./plan_outputs.ts";
import type { Source } from "./open_source.ts";
import { OverlayRows } from "../outputs/overlay_rows.ts";
import { PngWriter } from "../outputs/png_writer.ts";
import { Thumbnail } from "../outputs/thumbnail.ts";
import { TiffWriter } from "../outputs/tiff_writer.ts";

/** What is drawn of an image, and where. */
export interface PicturePlan {
  /** The files to write, by what they are. */
  readonly paths: OutputPaths;
  /** What overlay and preview show. */
  readonly style: "mask" | "instances";
  /** Whether TIFFs get smaller levels, and the overlay is one. */
  readonly pyramid: boolean;
}

/** The longest side of a picture for the summary, in pixels. */
export const previewSide = 1600;

/** A file that is written row by row. */
interface RowFile extends AsyncDisposable {
  writeRows(rows: Uint8Array): Promise<void>;
  finish(): Promise<void>;
}

/**
 * The files of one image that show where its objects are: its mask, the
 * overlay, and the picture for the summary. Without `finish()`, nothing of them
 * stays.
 */
export class PictureFiles implements AsyncDisposable {
  readonly #source: Source;
  readonly #paths: OutputPaths;
  readonly #masks: RowFile[] = [];
  readonly #overlay: OverlayRows | undefined;
  readonly #preview: Thumbnail | undefined;
  #picture: RowFile | undefined;
  /** Rows that are drawn. */
  #rows = 0;

  private constructor(source: Source, { paths, style }: PicturePlan) {
    const { width, height } = source.image;
    this.#source = source;
    this.#paths = paths;
    if (paths.overlay !== undefined || paths.preview !== undefined) {
      this.#overlay = new OverlayRows(width, height, style);
    }
    if (paths.preview !== undefined) {
      this.#preview = new Thumbnail(width, height, previewSide);
    }
  }

  /**
   * Begins the files.
   *
   * @throws {FileError} If one cannot be made.
   */
  static async open(source: Source, plan: PicturePlan): Promise<PictureFiles> {
    const files = new PictureFiles(source, plan);
    try {
      await files.#openAll(plan);
      return files;
    } catch (error) {
      await files[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #openAll({ paths, pyramid }: PicturePlan): Promise<void> {
    const { image: { width, height }, pixelSize } = this.#source;
    const size = { width, height, ...(pixelSize && { pixelSize }) };
    if (paths.overlay !== undefined) {
      const options = { ...size, channels: 3, thing: "overlay" } as const;
      this.#picture = pyramid
        ? await TiffWriter.open(paths.overlay, {
          ...options,
          ...{ type: "uint8", pyramid: "mean" },
        })
        : await PngWriter.open(paths.overlay, options);
    }
    if (paths.tiff !== undefined) {
      this.#masks.push(
        await TiffWriter.open(paths.tiff, {
          ...{ ...size, type: "uint8", thing: "mask" },
          ...(pyramid && { pyramid: "nearest" }),
        }),
      );
    }
    if (paths.png !== undefined) {
      this.#masks.push(
        await PngWriter.open(paths.png, { ...size, thing: "mask" }),
      );
    }
  }

  /**
   * Writes the next rows of the mask.
   *
   * @param mask 255 on objects and 0 elsewhere.
   * @throws {FileError} If a file cannot be written.
   */
  async addMask(mask: Uint8Array): Promise<void> {
    for (const file of this.#masks) await file.writeRows(mask);
  }

  /**
   * Draws the next rows of mask or labels onto the image.
   *
   * @throws {FileError} If a file cannot be written, or the image not be read.
   */
  async draw(objects: Uint8Array | Uint32Array): Promise<void> {
    if (!this.#overlay) return;
    const { image, range } = this.#source;
    const rows = objects.length / image.width;
    const pixels = await image.read(0, this.#rows, image.width, rows);
    this.#rows += rows;
    const seen = toRgb8(pixels, range).data as Uint8Array;
    await this.addDrawn(this.#overlay.add(seen, objects));
  }

  /**
   * Writes the next rows of an overlay.
   *
   * @param drawn 8-bit RGB.
   * @throws {FileError} If a file cannot be written.
   */
  async addDrawn(drawn: Uint8Array): Promise<void> {
    if (drawn.length === 0) return;
    await this.#picture?.writeRows(drawn);
    this.#preview?.add(drawn);
  }

  /**
   * Completes the files and gives them their names, the mask last.
   *
   * @throws {FileError} If one cannot be written.
   */
  async finish(): Promise<void> {
    if (this.#preview) {
      const jpeg = await this.#preview.encode();
      await writeFile(this.#paths.preview!, jpeg, "picture");
    }
    await this.#picture?.finish();
    for (const file of this.#masks) await file.finish();
  }

  /** Removes what is not finished. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#picture?.[Symbol.asyncDispose]();
    for (const file of this.#masks) await file[Symbol.asyncDispose]();
  }
}
