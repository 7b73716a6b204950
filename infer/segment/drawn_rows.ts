import { pictureOf } from "@unet/data";
import {
  OverlayRows,
  type OverlayRowsOptions,
  type OverlayStyle,
} from "../outputs/overlay_rows.ts";
import type { PartWriters } from "../formats/part_writers.ts";
import type { Source } from "./open_source.ts";

/** Draws objects onto their image, row by row as they come. */
export class DrawnRows {
  readonly #source: Source;
  readonly #overlay: OverlayRows;
  /** Rows that were added. */
  #rows = 0;

  /**
   * @param source The image.
   * @param style Whether objects come as mask, as labels, or as class map.
   * @param options Their colors, where they are not the style's.
   */
  constructor(
    source: Source,
    style: OverlayStyle,
    options: OverlayRowsOptions = {},
  ) {
    const { width, height } = source.image;
    this.#source = source;
    this.#overlay = new OverlayRows(width, height, style, options);
  }

  /**
   * Adds the next rows of mask, labels or class map, and writes the rows that are complete.
   *
   * @throws {FileError} If the image cannot be read, or a file not be written.
   */
  async addTo(
    writers: PartWriters,
    objects: Uint8Array | Uint32Array,
  ): Promise<void> {
    const { image, range } = this.#source;
    const rows = objects.length / image.width;
    const pixels = await image.read(0, this.#rows, image.width, rows);
    this.#rows += rows;
    const seen = pictureOf(pixels, range).data;
    const drawn = this.#overlay.add(seen, objects);
    if (drawn.length > 0) await writers.write("drawing", drawn);
  }
}
