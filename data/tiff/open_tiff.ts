import { BlockReader } from "../images/block_reader.ts";
import { chooseAmong, requireColors } from "../images/choose_channel.ts";
import { type Layer, layersOf } from "../images/layers_of.ts";
import { readSeries } from "./read_series.ts";
import { orientationNote, partNotes } from "../images/reading_notes.ts";
import { requireAmong } from "../images/require_among.ts";
import { type PageBlocks, rowsPerBlock } from "./block_grid.ts";
import { isBlockwise, TiffBlocks } from "./tiff_blocks.ts";
import { requirePixelsBacked } from "./tiff_backing.ts";
import type { TiffPage } from "./tiff_page.ts";
import {
  channelsOf,
  type SeriesChannel,
  type TiffSeries,
} from "./tiff_series.ts";
import type { TiffSet } from "./tiff_set.ts";
import { depthOf, rowBytesOf } from "./tiff_values.ts";
import { WholePage } from "./whole_page.ts";
import type { ReadingNote } from "../images/image_choice.ts";
import type { PixelSize } from "../images/image_reader.ts";
import type { OpenedImage, OpenImageOptions } from "../images/opened_image.ts";
import type { Image } from "../types.ts";

const defaultCacheBytes = 96 * 2 ** 20;

/** Options with the limit on pixels. */
type Options = OpenImageOptions & { readonly maxPixels: number };

/**
 * Makes a reader of an open TIFF, which it closes when it is disposed of.
 *
 * @throws {FileError} As `openImage()`.
 */
export async function openTiff(
  set: TiffSet,
  options: Options,
): Promise<OpenedImage> {
  return await openSeries(set, await readSeriesFor(set, options), options);
}

/**
 * Finds out what the pages of an open TIFF are to one another, by what is read.
 *
 * @param options Where channels are chosen and no plane is, pages that nothing
 * describes are channels.
 * @throws {FileError} As `openImage()`.
 */
export async function readSeriesFor(
  set: TiffSet,
  { channels, plane }: OpenImageOptions,
): Promise<TiffSeries> {
  return await readSeries(set, {
    arePagesChannels: channels !== undefined && plane === undefined,
  });
}

/**
 * Makes a reader of a part of an open TIFF whose image is known.
 *
 * @param options Which part; whether the file is shared with other readers,
 * and stays open when this one is disposed of.
 * @throws {FileError} As `openImage()`.
 */
export async function openSeries(
  set: TiffSet,
  series: TiffSeries,
  options: Options & { readonly isShared?: boolean },
): Promise<OpenedImage> {
  const { path } = set.image, { start, planes, times } = series;
  const { level = 0, time = start.time, plane = start.plane } = options;
  requireAmong(path, "level", series.levels.length, level);
  requireAmong(path, "time", times, time);
  if (typeof plane === "number") requireAmong(path, "plane", planes, plane);
  const page = series.levels[level]!;
  const kind = await kindOf(set, series, page, options);
  const chosen = chooseChannels(series, kind, options, path);
  const layers = await layersOfSeries(
    series,
    chosen ?? kind.channels.slice(0, kind.picture),
    { level, time, plane },
    pageOpener(set, page, kind, options),
  );
  if (options.isReadWhole) {
    const pages = layers.flatMap(({ planes }) => planes);
    requirePixelsBacked(page, pages, set.size);
  }
  const { channel, channels } = options;
  return new BlockReader({
    source: set,
    isShared: options.isShared ?? false,
    size: { width: page.width, height: page.height },
    isTiled: isTiled(page, layers[0]!.planes[0]!),
    orientation: page.orientation,
    channels: channels?.length ?? (chosen ? 1 : kind.picture ?? 1),
    depth: kind.depth,
    layers,
    planeMode: plane === "mean" ? "mean" : "max",
    channelMode: channels
      ? "separate"
      : chosen
      ? channel === "mean" ? "mean" : "max"
      : undefined,
    cacheBytes: options.cacheBytes ?? defaultCacheBytes,
    about: {
      level,
      levels: series.levels.map(({ width, height }) => ({ width, height })),
      channelNames: kind.channels.map(({ name }) => name),
      planes,
      times,
      pixelSize: pixelSizeOf(series, page),
      notes: notesOf(series, options),
    },
  });
}

/**
 * Refuses a stack whose pixels its files do not back, as if all its planes or
 * time points were one image, before something costly is done with each pixel.
 *
 * @param options Which part of each is read.
 * @param axis What there are many of.
 * @throws {FileError} If they do not, or pages are missing.
 */
export async function requireStackBacked(
  set: TiffSet,
  series: TiffSeries,
  { axis, ...options }: Options & { readonly axis: "plane" | "time" },
): Promise<void> {
  const { start, planes, times } = series, { path } = set.image;
  const { level = 0, time = start.time, plane = start.plane } = options;
  requireAmong(path, "level", series.levels.length, level);
  if (axis !== "time") requireAmong(path, "time", times, time);
  if (axis !== "plane" && typeof plane === "number") {
    requireAmong(path, "plane", planes, plane);
  }
  const page = series.levels[level]!;
  const kind = await kindOf(set, series, page, options);
  const chosen = chooseChannels(series, kind, options, path) ??
    kind.channels.slice(0, kind.picture);
  const open = pageOpener(set, page, kind, options);
  const pages: PageBlocks[] = [];
  for (let index = 0; index < (axis === "plane" ? planes : times); index++) {
    const part = { level, time, plane, [axis]: index };
    const layers = await layersOfSeries(series, chosen, part, open);
    pages.push(...layers.flatMap(({ planes }) => planes));
  }
  requirePixelsBacked(page, pages, set.size);
}

/** What the pages give once they are decoded. */
interface Kind {
  readonly channels: readonly SeriesChannel[];
  readonly picture: number | undefined;
  readonly depth: Image["depth"];
  /** The page at its level, where pages are decoded whole. */
  readonly whole?: WholePage;
}

async function kindOf(
  set: TiffSet,
  series: TiffSeries,
  page: TiffPage,
  { maxPixels, isReadWhole }: Options,
): Promise<Kind> {
  if (isBlockwise(page)) return { ...series, depth: depthOf(page) };
  const whole = new WholePage(page, set.indexOf(page), maxPixels);
  if (isReadWhole) requirePixelsBacked(page, [whole], set.size);
  const { channels: samples, depth } = await whole.decode();
  // The library makes colors of palettes and inks.
  const photometric = samples === 1 ? 1 : 2;
  const { names } = series;
  return {
    whole,
    depth,
    channels: channelsOf(names, { samples, photometric, hasAlpha: true }),
    picture: names.length === 1 ? samples : undefined,
  };
}

/** The channels that are chosen; undefined where they are read as they are. */
function chooseChannels(
  { start }: TiffSeries,
  { channels, picture }: Kind,
  choice: Options,
  path: string,
): readonly SeriesChannel[] | undefined {
  const names = channels.map(({ name }) => name);
  const found = chooseAmong(names, choice, path);
  if (found) return found.map((at) => channels[at]!);
  const own = channels.filter(({ page }) => page === start.channel);
  if (own.length === 1) return own;
  if (!picture) requireColors(names, path);
  return undefined;
}

/** Whether a window costs about its own size. */
function isTiled(page: TiffPage, { grid }: PageBlocks): boolean {
  // One long strip is unpacked as a whole for any window of it.
  return isBlockwise(page) &&
    (page.isTiled || grid.height < page.height ||
      grid.height <= rowsPerBlock);
}

/** The pages of the channels that are read, one per plane. */
async function layersOfSeries(
  series: TiffSeries,
  channels: readonly SeriesChannel[],
  part: {
    readonly level: number;
    readonly time: number;
    readonly plane: number | "max" | "mean";
  },
  open: (page: TiffPage) => PageBlocks,
): Promise<Layer[]> {
  const { level, time, plane } = part;
  return await layersOf(
    channels,
    { plane, planes: series.planes },
    async (page, at) => {
      const full = await series.pageOf(page, at, time);
      return open(series.atLevel(full, level));
    },
  );
}

/** Opens pages that have the size and kind of the first. */
function pageOpener(
  set: TiffSet,
  first: TiffPage,
  { whole }: Kind,
  { maxPixels }: Options,
): (page: TiffPage) => PageBlocks {
  if (!whole) requireSmallBlocks(first, maxPixels);
  const isFirst = ({ file, directory }: TiffPage): boolean =>
    file === first.file && directory.offset === first.directory.offset;
  return (page) => {
    requireAlike(first, page);
    if (!whole) return new TiffBlocks(page);
    return isFirst(page)
      ? whole
      : new WholePage(page, set.indexOf(page), maxPixels);
  };
}

function requireSmallBlocks(page: TiffPage, maxPixels: number): void {
  const { grid } = new TiffBlocks(page), { width, height } = grid;
  const bytes = rowBytesOf(width * page.samples, page) * height;
  if (width * height <= maxPixels && bytes <= 4 * maxPixels) return;
  throw page.file.unreadable(
    `pieces of ${width}×${height} pixels`,
    `at most ${maxPixels} in all`,
  );
}

function requireAlike(one: TiffPage, other: TiffPage): void {
  const isAlike = ([
    ...["width", "height", "samples", "bits", "format", "photometric"] as const,
    ...["isTiled", "tileWidth", "tileHeight", "isSeparate"] as const,
    ...["compression"] as const,
  ] as const).every((key) => one[key] === other[key]) &&
    isBlockwise(one) === isBlockwise(other);
  if (isAlike) return;
  throw other.file.unreadable(
    "pages of several sizes or kinds in one image",
    "planes and channels alike",
  );
}

function notesOf(series: TiffSeries, options: Options): ReadingNote[] {
  const { first, start } = series;
  // Nothing is left open about channels where one is chosen.
  const kept = series.notes.filter(({ kind }) =>
    kind !== "channels" ||
    options.channel === undefined && options.channels === undefined
  );
  return [
    ...kept,
    ...partNotes(series, start, options),
    ...orientationNote(first.orientation),
  ];
}

function pixelSizeOf(
  { pixelSize, first }: TiffSeries,
  { width, height }: TiffPage,
): PixelSize | undefined {
  return pixelSize && {
    x: pixelSize.x * (first.width / width),
    y: pixelSize.y * (first.height / height),
  };
}
