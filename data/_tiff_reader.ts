import { cannot, FileError } from "@unet/errors";
import { BlockCache } from "./_block_cache.ts";
import {
  chooseChannel,
  findChannels,
  listChannels,
} from "./_choose_channel.ts";
import { memoryReader } from "./_memory_reader.ts";
import { mapPool } from "./_pool.ts";
import { requirePixels } from "./_require_pixels.ts";
import { Projection, type ProjectionMode } from "./_project.ts";
import { isBlockwise, rowsPerBlock, TiffBlocks } from "./_tiff_blocks.ts";
import type { TiffFile } from "./_tiff_file.ts";
import { compressionName, type TiffPage } from "./_tiff_page.ts";
import {
  readSeries,
  type SeriesChannel,
  type TiffSeries,
} from "./_tiff_series.ts";
import { depthOf } from "./_tiff_values.ts";
import { emptyValues, requireInside } from "./_window.ts";
import { decodeImage, defaultMaxPixels } from "./decode_image.ts";
import type { PixelSize } from "./image_reader.ts";
import type { OpenedImage, OpenImageOptions } from "./open_image.ts";
import type { Image } from "./types.ts";

const defaultCacheBytes = 96 * 2 ** 20;

/** Blocks of a window decoded side by side. */
const blocksAtOnce = 4;

/** A file that is not read piece by piece is at most so large. */
const mostBytesWhole = 2 ** 31;

/** Compressions that the image library reads, though not piece by piece. */
const readWhole: ReadonlySet<number> = new Set([
  ...[1, 2, 3, 4, 5, 6, 7, 8, 32773, 32946, 50001],
]);

/** What is read of each page, and how the pages become one image. */
interface Selection {
  readonly level: number;
  readonly time: number;
  readonly planes: readonly number[];
  readonly planeMode: ProjectionMode;
  readonly channels: readonly SeriesChannel[];
  readonly channelMode: ProjectionMode;
  /** Whether the channels become one. */
  readonly isProjected: boolean;
}

/**
 * Makes a reader of an open TIFF, which it closes when it is disposed of.
 *
 * @throws {FileError} As `openImage()`.
 */
export async function openTiff(
  file: TiffFile,
  options: OpenImageOptions,
): Promise<OpenedImage> {
  const series = readSeries(file);
  const { level = 0, time = 0, plane = 0, channel } = options;
  const isOne = series.channels.length === 1;
  requireAmong(file, "level", series.levels.length, level);
  requireAmong(file, "time", series.times, time);
  if (typeof plane === "number") {
    requireAmong(file, "plane", series.planes, plane);
  }
  const page = series.levels[level]!;
  if (!isBlockwise(page)) return await openWhole(file, series, page, options);
  const names = series.channels.map(({ name }) => name);
  const chosen = findChannels(names, channel, file.path);
  if (!chosen && !series.picture && !isOne) {
    throw new FileError(cannot("read", "image", file.path, {
      found: listChannels(names),
      expected: "color or gray",
      remedy: "choose a channel by number or name, or max or mean of all",
    }));
  }
  const maxPixels = options.maxPixels ?? defaultMaxPixels;
  return new TiffReader(
    file,
    series,
    {
      level,
      time,
      planes: typeof plane === "number"
        ? [plane]
        : [...Array(series.planes).keys()],
      planeMode: plane === "mean" ? "mean" : "max",
      channels: (chosen ?? [...names.keys()].slice(0, series.picture))
        .map((at) => series.channels[at]!),
      channelMode: channel === "mean" ? "mean" : "max",
      isProjected: chosen !== undefined,
    },
    maxPixels,
    options.cacheBytes ?? defaultCacheBytes,
  );
}

class TiffReader implements OpenedImage {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3 | 4;
  readonly depth: 8 | 16 | 32;
  readonly pixelSize?: PixelSize;
  readonly tiled: boolean;
  readonly level: number;
  readonly levels: readonly { width: number; height: number }[];
  readonly channelNames: readonly string[];
  readonly planes: number;
  readonly times: number;

  readonly #file: TiffFile;
  readonly #series: TiffSeries;
  readonly #selection: Selection;
  readonly #page: TiffPage;
  readonly #blocks = new Map<number, TiffBlocks>();
  readonly #first: TiffBlocks;
  readonly #cache: BlockCache<Image["data"]>;
  /** The samples wanted of each page of a plane. */
  readonly #wanted: ReadonlyMap<number, readonly number[]>;

  constructor(
    file: TiffFile,
    series: TiffSeries,
    selection: Selection,
    maxPixels: number,
    cacheBytes: number,
  ) {
    const page = series.levels[selection.level]!;
    this.#file = file;
    this.#series = series;
    this.#selection = selection;
    this.#page = page;
    this.#cache = new BlockCache(cacheBytes);
    this.#first = new TiffBlocks(file, page);
    const { grid } = this.#first;
    const blockBytes = grid.width * grid.height * page.samples * page.bits / 8;
    if (grid.width * grid.height > maxPixels || blockBytes > 4 * maxPixels) {
      throw file.unreadable(
        `pieces of ${grid.width}×${grid.height} pixels`,
        `at most ${maxPixels} in all`,
      );
    }
    const wanted = new Map<number, number[]>();
    for (const { page, sample } of selection.channels) {
      wanted.set(page, [...wanted.get(page) ?? [], sample]);
    }
    this.#wanted = wanted;
    this.path = file.path;
    this.width = page.width;
    this.height = page.height;
    this.channels = selection.isProjected ? 1 : series.picture ?? 1;
    this.depth = depthOf(page);
    const size = levelPixelSize(series, selection.level);
    if (size) this.pixelSize = size;
    // One long strip is unpacked as a whole for any window of it.
    this.tiled = page.isTiled || grid.height < page.height ||
      grid.height <= rowsPerBlock;
    this.level = selection.level;
    this.levels = sizesOf(series);
    this.channelNames = series.channels.map(({ name }) => name);
    this.planes = series.planes;
    this.times = series.times;
  }

  async read(
    x: number,
    y: number,
    width: number,
    height: number,
  ): Promise<Image> {
    requireInside(this, { x, y, width, height });
    const { grid } = this.#first, { channels, depth } = this;
    const data = emptyValues(depth, width * height * channels);
    const places: { row: number; column: number }[] = [];
    const lastRow = Math.floor((y + height - 1) / grid.height);
    const lastColumn = Math.floor((x + width - 1) / grid.width);
    for (let row = Math.floor(y / grid.height); row <= lastRow; row++) {
      const first = Math.floor(x / grid.width);
      for (let column = first; column <= lastColumn; column++) {
        places.push({ row, column });
      }
    }
    await mapPool(places, blocksAtOnce, async ({ row, column }) => {
      const key = row * grid.across + column;
      const block = await this.#cache.get(
        key,
        row,
        () => this.#decode(column, row),
      );
      const left = column * grid.width, top = row * grid.height;
      const from = Math.max(x, left),
        end = Math.min(x + width, left + grid.width);
      const bottom = Math.min(y + height, top + grid.height);
      for (let line = Math.max(y, top); line < bottom; line++) {
        const start = ((line - top) * grid.width + from - left) * channels;
        data.set(
          block.subarray(start, start + (end - from) * channels),
          ((line - y) * width + from - x) * channels,
        );
      }
    });
    this.#file.requireUnchanged();
    return { width, height, channels, depth, data };
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#file[Symbol.dispose]();
    return Promise.resolve();
  }

  /** Decodes a block of all pages that are wanted, and projects them. */
  async #decode(column: number, row: number): Promise<Image["data"]> {
    const { isProjected, channelMode, channels } = this.#selection;
    const projection = isProjected && channels.length > 1
      ? new Projection(channelMode, this.depth)
      : undefined;
    let values: Image["data"] | undefined;
    for (const [page, samples] of this.#wanted) {
      values = await this.#decodePlanes(page, samples, column, row);
      for (let at = 0; at < samples.length; at++) {
        projection?.add(values, samples.length, at);
      }
    }
    return projection ? projection.finish() : values!;
  }

  async #decodePlanes(
    page: number,
    samples: readonly number[],
    column: number,
    row: number,
  ): Promise<Image["data"]> {
    const { planes, planeMode } = this.#selection;
    if (planes.length === 1) {
      return await this.#blocksOf(page, planes[0]!).read(column, row, samples);
    }
    const projection = new Projection(planeMode, this.depth);
    for (const plane of planes) {
      projection.add(
        await this.#blocksOf(page, plane).read(column, row, samples),
      );
    }
    return projection.finish();
  }

  #blocksOf(channelPage: number, plane: number): TiffBlocks {
    const { level, time } = this.#selection;
    const key = channelPage * this.planes + plane;
    const known = this.#blocks.get(key);
    if (known) return known;
    const full = this.#series.pageOf(channelPage, plane, time);
    const page = this.#series.atLevel(full, level);
    requireAlike(this.#file, this.#page, page);
    const blocks = page === this.#page
      ? this.#first
      : new TiffBlocks(this.#file, page);
    this.#blocks.set(key, blocks);
    return blocks;
  }
}

/** Decodes a page that is not read in pieces, if it is the file's first. */
async function openWhole(
  file: TiffFile,
  series: TiffSeries,
  page: TiffPage,
  options: OpenImageOptions,
): Promise<OpenedImage> {
  const { level = 0, time = 0, plane = 0 } = options;
  const isFirst = page.directory.offset === file.firstDirectory &&
    level === 0 && time === 0 && plane === 0 &&
    new Set(series.channels.map((one) => one.page)).size === 1;
  if (!isFirst || !readWhole.has(page.compression)) {
    const { bits, format, photometric, compression } = page;
    const kind = readWhole.has(compression)
      ? `${format} values of ${bits} bits, color model ${photometric}`
      : `${compressionName(compression)} compression`;
    throw file.unreadable(
      `a TIFF of ${kind}`,
      isFirst
        ? "uncompressed, LZW, Deflate, PackBits, Zstandard, JPEG or WebP"
        : "gray or RGB of 8, 16 or 32 bits, as levels and planes are read",
    );
  }
  requirePixels(page, file.path, options.maxPixels ?? defaultMaxPixels);
  if (file.size > mostBytesWhole) {
    throw file.unreadable(
      `${file.size} bytes that can only be read whole`,
      `at most ${mostBytesWhole}`,
    );
  }
  const image = await decodeImage(
    file.read(0, file.size),
    file.path,
    options,
  );
  file.requireUnchanged();
  file[Symbol.dispose]();
  const chosen = chooseChannel(image, options.channel, file.path);
  return memoryReader(chosen, file.path, image, series.pixelSize);
}

function requireAlike(file: TiffFile, one: TiffPage, other: TiffPage): void {
  const isAlike = ([
    ...["width", "height", "samples", "bits", "format", "photometric"] as const,
    ...["isTiled", "tileWidth", "tileHeight", "isSeparate"] as const,
    ...["compression"] as const,
  ] as const).every((key) => one[key] === other[key]) &&
    isBlockwise(other);
  if (isAlike) return;
  throw file.unreadable(
    "pages of several sizes or kinds in one image",
    "planes and channels alike",
  );
}

function requireAmong(
  file: TiffFile,
  what: string,
  count: number,
  asked: number,
): void {
  if (asked < count) return;
  throw file.unreadable(
    count === 1 ? `one ${what}` : `${what}s 0 to ${count - 1}`,
    `${what} ${asked}`,
  );
}

function sizesOf(series: TiffSeries): { width: number; height: number }[] {
  return series.levels.map(({ width, height }) => ({ width, height }));
}

function levelPixelSize(
  { pixelSize, levels }: TiffSeries,
  level: number,
): PixelSize | undefined {
  if (!pixelSize) return undefined;
  const full = levels[0]!, page = levels[level]!;
  return {
    x: pixelSize.x * (full.width / page.width),
    y: pixelSize.y * (full.height / page.height),
  };
}
