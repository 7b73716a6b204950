import { mapPool } from "../dataset/pool.ts";
import type { ByteSource } from "../images/byte_source.ts";
import { blocksOf, pasteBlock } from "../images/block_window.ts";
import { channelNamesOf, chooseChannel } from "../images/choose_channel.ts";
import { requireBacked } from "../images/decode_budget.ts";
import type { ReadingNote } from "../images/image_choice.ts";
import type { PixelSize } from "../images/image_reader.ts";
import type { OpenedImage, OpenImageOptions } from "../images/opened_image.ts";
import { emptyValues, requireInside } from "../images/window.ts";
import { BlockCache } from "../images/block_cache.ts";
import type { Image, ImageSize } from "../types.ts";
import type { OpenslideFile } from "./openslide_file.ts";
import { overBackground } from "./over_background.ts";
import type { SlideLayout, SlideLevel } from "./slide_layout.ts";

/** Blocks of a window that are read side by side. */
const blocksAtOnce = 4;

/** What a slide's reader works with. */
export interface SlideSelection {
  readonly slide: OpenslideFile;
  /** The file, watched for changes. */
  readonly source: ByteSource;
  /** Bytes of all its files. */
  readonly stored: number;
  readonly layout: SlideLayout;
  readonly options: OpenImageOptions & { readonly cacheBytes: number };
  readonly otherFiles: readonly string[];
}

/**
 * Reads windows of a level of a slide, in blocks of a fixed grid: where a level
 * is not a whole number of times smaller, OpenSlide interpolates between its
 * pixels, and a window would depend on where it begins.
 */
export class SlideReader implements OpenedImage {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly channels: Image["channels"];
  readonly isSeparate?: boolean;
  readonly depth: Image["depth"] = 8;
  readonly pixelSize?: PixelSize;
  readonly tiled = true;
  readonly level: number;
  readonly levels: readonly ImageSize[];
  readonly channelNames: readonly string[];
  readonly planes = 1;
  readonly times = 1;
  readonly orientation = 1;
  readonly otherFiles: readonly string[];
  readonly notes: readonly ReadingNote[];

  readonly #selection: SlideSelection;
  readonly #level: SlideLevel;
  readonly #cache: BlockCache<Image["data"]>;

  /** Makes a reader, which closes slide and file when it is disposed of. */
  constructor(selection: SlideSelection) {
    const { slide, layout, options } = selection;
    const { level = 0 } = options, { pixelSize } = layout;
    this.#selection = selection;
    this.#level = layout.levels[level]!;
    this.#cache = new BlockCache(options.cacheBytes);
    this.path = slide.path;
    this.width = this.#level.width;
    this.height = this.#level.height;
    const sample = this.#chosen({ width: 1, height: 1 }, new Uint8Array(3));
    this.channels = sample.channels;
    if (sample.isSeparate) this.isSeparate = true;
    if (pixelSize) {
      const [full] = layout.levels;
      this.pixelSize = {
        x: pixelSize.x * (full!.width / this.width),
        y: pixelSize.y * (full!.height / this.height),
      };
    }
    this.level = level;
    this.levels = layout.levels.map(({ width, height }) => ({ width, height }));
    this.channelNames = channelNamesOf({ channels: 3 } as Image);
    this.otherFiles = selection.otherFiles;
    this.notes = layout.notes;
  }

  async read(
    x: number,
    y: number,
    width: number,
    height: number,
  ): Promise<Image> {
    requireInside(this, { x, y, width, height });
    const { channels, depth, isSeparate } = this, { block } = this.#level;
    const values = width * height * channels;
    requireBacked(this.path, {
      ...{ kind: "image", decoded: values, stored: this.#selection.stored },
    });
    const data = emptyValues(depth, values);
    const window = { x, y, width, height, data };
    const places = blocksOf(window, block);
    const across = Math.ceil(this.width / block.width);
    await mapPool(places, blocksAtOnce, async ({ row, column }) => {
      const left = column * block.width, top = row * block.height;
      const blockWidth = Math.min(block.width, this.width - left);
      const blockHeight = Math.min(block.height, this.height - top);
      const content = await this.#cache.get(
        row * across + column,
        row,
        () => this.#readBlock(left, top, blockWidth, blockHeight),
      );
      pasteBlock(window, {
        ...{ x: left, y: top, width: blockWidth, height: blockHeight },
        data: content,
      }, channels);
    });
    this.#selection.source.requireUnchanged();
    const kind = { channels, depth, ...(isSeparate && { isSeparate }) };
    return { width, height, ...kind, data };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#selection.slide[Symbol.asyncDispose]();
    this.#selection.source[Symbol.dispose]();
  }

  async #readBlock(
    left: number,
    top: number,
    width: number,
    height: number,
  ): Promise<Image["data"]> {
    const { slide, layout } = this.#selection, { downsample } = this.#level;
    const pixels = await slide.read(
      layout.left + Math.round(left * downsample),
      layout.top + Math.round(top * downsample),
      { level: this.level, width, height },
    );
    const colors = overBackground(pixels, layout.background);
    return this.#chosen({ width, height }, colors).data;
  }

  /** The channels that were chosen. */
  #chosen(size: ImageSize, data: Uint8Array): Image {
    const image = { ...size, channels: 3, depth: 8, data } as const;
    return chooseChannel(image, this.#selection.options, this.path);
  }
}
