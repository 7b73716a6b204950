import { mapPool } from "../dataset/pool.ts";
import type { PageBlocks } from "../tiff/block_grid.ts";
import { BlockCache } from "./block_cache.ts";
import { blocksOf, pasteBlock } from "./block_window.ts";
import { requireBacked } from "./decode_budget.ts";
import { Projection, type ProjectionMode } from "./project.ts";
import { emptyValues, requireInside } from "./window.ts";
import type { ReadingNote } from "./image_choice.ts";
import type { PixelSize } from "./image_reader.ts";
import type { OpenedImage } from "./opened_image.ts";
import type { Image, ImageSize } from "../types.ts";

/** Blocks of a window decoded side by side. */
const blocksAtOnce = 4;

/** The files that blocks lie in. */
export interface BlockSource extends Disposable {
  /** What messages call the image. */
  readonly image: { readonly path: string };
  /** Bytes of all files together. */
  readonly size: number;
  /** The names of files beside it that were read. */
  readonly otherNames: readonly string[];
  /**
   * Makes sure that the files are those that were opened.
   *
   * @throws {FileError} If they are not.
   */
  requireUnchanged(): void;
}

/** The pages of a file to read, and how they become one image. */
export interface BlockSelection {
  readonly source: BlockSource;
  /** Whether other readers need the file once this one is disposed of. */
  readonly isShared: boolean;
  /** The size of the image at its level. */
  readonly size: ImageSize;
  /** Whether a window costs about its own size. */
  readonly isTiled: boolean;
  /** How viewers turn it, by EXIF's number. */
  readonly orientation: number;
  /** How many channels the image has. */
  readonly channels: Image["channels"];
  readonly depth: Image["depth"];
  /** The pages that are read; their planes are projected, then they. */
  readonly layers: readonly Layer[];
  readonly planeMode: ProjectionMode;
  /**
   * How channels become one, or stay apart; undefined where they are read as
   * they are.
   */
  readonly channelMode: ProjectionMode | "separate" | undefined;
  readonly cacheBytes: number;
  /** What more the file holds. */
  readonly about: {
    readonly level: number;
    readonly levels: readonly ImageSize[];
    readonly channelNames: readonly string[];
    readonly planes: number;
    readonly times: number;
    readonly pixelSize: PixelSize | undefined;
    readonly notes: readonly ReadingNote[];
  };
}

/** The pages of some channels, one per plane. */
export interface Layer {
  /** Which values of each pixel are wanted. */
  readonly samples: readonly number[];
  /** Which of all channels that are read each of them is. */
  readonly places: readonly number[];
  readonly planes: readonly PageBlocks[];
}

/** Reads windows of what was selected of a TIFF or OME-Zarr, block by block. */
export class BlockReader implements OpenedImage {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly channels: Image["channels"];
  readonly isSeparate?: boolean;
  readonly depth: Image["depth"];
  readonly pixelSize?: PixelSize;
  readonly tiled: boolean;
  readonly level: number;
  readonly levels: readonly ImageSize[];
  readonly channelNames: readonly string[];
  readonly planes: number;
  readonly times: number;
  readonly orientation: number;
  readonly otherFiles: readonly string[];
  readonly notes: readonly ReadingNote[];

  readonly #selection: BlockSelection;
  readonly #first: PageBlocks;
  readonly #cache: BlockCache<Image["data"]>;

  constructor(selection: BlockSelection) {
    const { about } = selection;
    this.#selection = selection;
    this.#first = selection.layers[0]!.planes[0]!;
    this.#cache = new BlockCache(selection.cacheBytes);
    this.path = selection.source.image.path;
    this.width = selection.size.width;
    this.height = selection.size.height;
    this.channels = selection.channels;
    if (selection.channelMode === "separate") this.isSeparate = true;
    this.depth = selection.depth;
    this.tiled = selection.isTiled;
    if (about.pixelSize) this.pixelSize = about.pixelSize;
    this.level = about.level;
    this.levels = about.levels;
    this.channelNames = about.channelNames;
    this.planes = about.planes;
    this.times = about.times;
    this.orientation = selection.orientation;
    this.otherFiles = selection.source.otherNames;
    this.notes = about.notes;
  }

  async read(
    x: number,
    y: number,
    width: number,
    height: number,
  ): Promise<Image> {
    requireInside(this, { x, y, width, height });
    const { grid } = this.#first, { channels, depth, isSeparate } = this;
    requireBacked(this.path, {
      kind: "image",
      decoded: width * height * channels * depth / 8,
      stored: this.#selection.source.size,
    });
    const window = { x, y, width, height };
    let data: Image["data"] | undefined;
    const places = blocksOf(window, grid);
    await mapPool(places, blocksAtOnce, async ({ row, column }) => {
      const block = await this.#cache.get(
        row * grid.across + column,
        row,
        () => this.#decode(column, row),
      );
      // Not before a block was decoded: a file may claim any size.
      data ??= emptyValues(depth, width * height * channels);
      pasteBlock({ ...window, data }, {
        ...{ x: column * grid.width, y: row * grid.height },
        ...{ width: grid.width, height: grid.height, data: block },
      }, channels);
    });
    this.#selection.source.requireUnchanged();
    const kind = { channels, depth, ...(isSeparate && { isSeparate }) };
    return { width, height, ...kind, data: data! };
  }

  [Symbol.asyncDispose](): Promise<void> {
    const { source, isShared } = this.#selection;
    if (!isShared) source[Symbol.dispose]();
    return Promise.resolve();
  }

  /** Decodes a block of all pages that are wanted, and puts them together. */
  async #decode(column: number, row: number): Promise<Image["data"]> {
    const { channelMode, layers } = this.#selection;
    if (channelMode === "separate") return await this.#interleave(column, row);
    const count = layers.reduce((sum, { samples }) => sum + samples.length, 0);
    const projection = channelMode && count > 1
      ? new Projection(channelMode, this.depth)
      : undefined;
    let values: Image["data"] | undefined;
    for (const layer of layers) {
      values = await this.#decodePlanes(layer, column, row);
      for (let at = 0; at < layer.samples.length; at++) {
        projection?.add(values, layer.samples.length, at);
      }
    }
    return projection ? projection.finish() : values!;
  }

  /** Decodes a block of all channels, in the order in which they were chosen. */
  async #interleave(column: number, row: number): Promise<Image["data"]> {
    const { channels, depth } = this;
    let out: Image["data"] | undefined;
    for (const layer of this.#selection.layers) {
      const values = await this.#decodePlanes(layer, column, row);
      const { samples: { length: step }, places } = layer;
      out ??= emptyValues(depth, values.length / step * channels);
      for (const [sample, place] of places.entries()) {
        for (
          let from = sample, to = place;
          from < values.length;
          from += step
        ) {
          out[to] = values[from]!;
          to += channels;
        }
      }
    }
    return out!;
  }

  async #decodePlanes(
    { planes, samples }: Layer,
    column: number,
    row: number,
  ): Promise<Image["data"]> {
    const [only] = planes;
    if (planes.length === 1) return await only!.read(column, row, samples);
    const projection = new Projection(this.#selection.planeMode, this.depth);
    for (const plane of planes) {
      projection.add(await plane.read(column, row, samples));
    }
    return projection.finish();
  }
}
