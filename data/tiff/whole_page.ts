import { decodePicture } from "../images/decode_picture.ts";
import { requirePixels } from "../images/require_pixels.ts";
import type { BlockGrid, PageBacking, PageBlocks } from "./block_grid.ts";
import { unsupportedIn } from "./tiff_kinds.ts";
import type { TiffPage } from "./tiff_page.ts";
import type { Values } from "./tiff_values.ts";
import { emptyValues } from "../images/window.ts";
import type { Image } from "../types.ts";

/** A file of which a page is decoded whole is at most so large. */
const mostBytes = 2 ** 31;

/** A page that the image library decodes, as one block. */
export class WholePage implements PageBlocks {
  readonly grid: BlockGrid;
  readonly #page: TiffPage;
  readonly #index: number;
  /** Decoded, until it is read for the first time; then the reader keeps it. */
  #image: Image | undefined;

  /**
   * Decodes nothing yet.
   *
   * @param index The page's place in its file; undefined for a smaller copy.
   * @throws {FileError} If the page is of a kind that is not read, or too
   * large.
   */
  constructor(page: TiffPage, index: number | undefined, maxPixels: number) {
    const { file, width, height } = page, problem = unsupportedIn(page);
    if (problem) throw file.unreadable(problem.found, problem.expected);
    if (index === undefined) {
      throw file.unreadable(
        "a smaller copy of a kind that is read from full size alone",
        "level 0",
      );
    }
    requirePixels(page, file.path, maxPixels);
    if (file.size > mostBytes) {
      throw file.unreadable(
        `${file.size} bytes that can only be read whole`,
        `at most ${mostBytes}`,
      );
    }
    this.grid = { width, height, across: 1, down: 1 };
    this.#page = page;
    this.#index = index;
  }

  backing(): PageBacking {
    const { file, width, height, samples, bits } = this.#page;
    const decoded = width * height * samples * Math.max(8, bits) / 8;
    return { decoded, stored: file.size, empty: 0 };
  }

  /** Decodes the page, to find out what the library makes of it. */
  async decode(): Promise<Image> {
    return this.#image ??= await this.#decode();
  }

  async read(
    _column: number,
    _row: number,
    wanted: readonly number[],
  ): Promise<Values> {
    const { data, channels, depth } = this.#image ?? await this.#decode();
    this.#image = undefined;
    const isAll = wanted.length === channels &&
      wanted.every((sample, at) => sample === at);
    if (isAll) return data;
    const count = wanted.length, pixels = data.length / channels;
    const out = emptyValues(depth, pixels * count);
    for (const [at, sample] of wanted.entries()) {
      for (let pixel = 0; pixel < pixels; pixel++) {
        out[pixel * count + at] = data[pixel * channels + sample]!;
      }
    }
    return out;
  }

  async #decode(): Promise<Image> {
    const { file, width, height } = this.#page;
    const { image } = await decodePicture(file.read(0, file.size), {
      path: file.path,
      maxPixels: width * height,
      page: this.#index,
    });
    if (image.width === width && image.height === height) return image;
    throw file.damaged(`${image.width}×${image.height} pixels`);
  }
}
