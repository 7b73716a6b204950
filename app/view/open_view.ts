/**
 * Opens images to be looked at, at any zoom.
 *
 * @module
 */
import {
  channelRangesOf,
  type Image,
  type ImageReader,
  type Intensities,
  type IntensityRange,
  intensityRangeOf,
  isPerChannel,
  type OpenedImage,
  openImage,
  type OpenImageOptions,
  pictureOf,
  type PixelSize,
  resizeImage,
} from "@unet/data";
import { openAllChannels } from "./open_all_channels.ts";
import { readScaled } from "./read_scaled.ts";
import { levelsOf, partOfTile, type TilePlace } from "./tile_place.ts";

export { levelsOf, type TilePlace, tileSide } from "./tile_place.ts";

/** Which plane and time point of a file are shown. */
export type ViewChoice = Pick<OpenImageOptions, "time"> & {
  /** The plane, from 0. */
  readonly plane?: number;
};

/** A channel, or all colors, as they are shown at first. */
export interface ViewChannel {
  /** Its name. */
  readonly name: string;
  /** The value that is black. */
  readonly low: number;
  /** The value that is brightest. */
  readonly high: number;
}

/** An image that is open to be looked at. */
export interface ImageView extends AsyncDisposable {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** How many levels of tiles there are; the last fits into one tile. */
  readonly levels: number;
  /** Bits per value; 32 are floating-point numbers. */
  readonly depth: 8 | 16 | 32;
  /** One entry where the image is gray or color, else one per channel. */
  readonly channels: readonly ViewChannel[];
  /** Whether it is red, green and blue. */
  readonly isColor: boolean;
  /** What a pixel covers in µm, if the file says so. */
  readonly pixelSize?: PixelSize;
  /** How many planes the file has. */
  readonly planes: number;
  /** How many time points the file has. */
  readonly times: number;
  /** What the file leaves open, and how it was read. */
  readonly notes: readonly string[];
  /**
   * Draws a tile.
   *
   * @param place Which one.
   * @param ranges The values that are black and brightest, for each entry of
   * `channels`; its own if not given. A channel whose two are equal is hidden.
   * @returns Red, green and blue, 8 bits each.
   * @throws {RangeError} If there is no such tile, or another number of ranges.
   * @throws {FileError} If the file is damaged there.
   */
  tile(place: TilePlace, ranges?: readonly IntensityRange[]): Promise<Image>;
  /**
   * Draws the whole image in a small size.
   *
   * @param side The most pixels of a side.
   */
  thumbnail(side: number): Promise<Image>;
  /**
   * The values of a pixel as the file stores them.
   *
   * @throws {RangeError} If there is no such pixel.
   */
  values(x: number, y: number): Promise<readonly number[]>;
}

/**
 * Opens an image to be looked at. Of a pyramid, the level is read that is enough
 * for what is drawn, so that a slide costs no more than a small image.
 *
 * @param path The file.
 * @param choice Which plane and time point; the first ones by default.
 * @returns The view; dispose of it to close the file.
 * @throws {FileError} If the file cannot be read.
 *
 * @example
 * ```ts
 * import { openView } from "@unet/app/view";
 * import { encodePng } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".png" });
 * const data = new Uint16Array([0, 1000, 2000, 4000]);
 * const image = { width: 4, height: 1, channels: 1, depth: 16, data } as const;
 * await Deno.writeFile(path, await encodePng(image));
 * {
 *   await using view = await openView(path);
 *   assertEquals(await view.values(2, 0), [2000]);
 *   const tile = await view.tile({ level: 0, x: 0, y: 0 });
 *   assertEquals([...tile.data.subarray(6, 12)], [128, 128, 128, 255, 255, 255]);
 * }
 * await Deno.remove(path);
 * ```
 */
export async function openView(
  path: string,
  choice: ViewChoice = {},
): Promise<ImageView> {
  await using stack = new AsyncDisposableStack();
  const { image, reading } = await openAllChannels(path, choice);
  const levels = new LevelReaders(stack.use(image), path, reading);
  const ranges = await rangesOf(await levels.forPixels(rangePixels));
  stack.use(levels);
  const opened = stack.move();
  const { width, height, depth, planes, times } = image;
  return {
    ...{ width, height, depth, planes, times },
    levels: levelsOf(image),
    channels: channelsOf(image, ranges),
    isColor: !image.isSeparate && image.channels >= 3,
    ...(image.pixelSize && { pixelSize: image.pixelSize }),
    notes: image.notes.map(({ text }) => text),
    async tile(place, shown) {
      return await drawTile(
        levels,
        place,
        shown ? asked(ranges, shown) : ranges,
      );
    },
    thumbnail: (side) => drawThumbnail(levels, side, ranges),
    async values(x, y) {
      return [...(await image.read(x, y, 1, 1)).data];
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** The range of values is that of the lowest level of so many pixels. */
const rangePixels = 2 ** 20;

async function rangesOf(reader: ImageReader): Promise<Intensities> {
  return reader.isSeparate
    ? await channelRangesOf(reader)
    : await intensityRangeOf(reader);
}

function channelsOf(image: OpenedImage, ranges: Intensities): ViewChannel[] {
  if (!isPerChannel(ranges)) {
    const name = image.channels >= 3 ? "Color" : "Gray";
    return [{ name, ...ranges }];
  }
  return ranges.map((range, at) => ({
    name: image.channelNames[at] ?? `Channel ${at}`,
    ...range,
  }));
}

/** The ranges that are asked for, in place of an image's own. */
function asked(
  own: Intensities,
  shown: readonly IntensityRange[],
): Intensities {
  const count = isPerChannel(own) ? own.length : 1;
  if (shown.length !== count) {
    throw new RangeError(
      `Cannot draw tile: found ${shown.length} ranges, expected ${count}`,
    );
  }
  return isPerChannel(own) ? shown : shown[0]!;
}

async function drawTile(
  levels: LevelReaders,
  place: TilePlace,
  ranges: Intensities,
): Promise<Image> {
  const { full } = levels, scale = 2 ** place.level;
  const part = partOfTile(full, place, { work: "draw tile", of: "image" });
  const reader = await levels.forPixels(
    full.width * full.height / scale ** 2,
  );
  // From pixels of the tile to those of the level that is read.
  const across = scale * reader.width / full.width;
  const down = scale * reader.height / full.height;
  const left = Math.min(reader.width - 1, Math.floor(part.x * across));
  const top = Math.min(reader.height - 1, Math.floor(part.y * down));
  const right = Math.ceil((part.x + part.width) * across);
  const bottom = Math.ceil((part.y + part.height) * down);
  const image = await readScaled(reader, {
    ...{ x: left, y: top },
    width: Math.max(1, Math.min(reader.width, right) - left),
    height: Math.max(1, Math.min(reader.height, bottom) - top),
  }, part);
  return pictureOf(image, ranges);
}

async function drawThumbnail(
  levels: LevelReaders,
  side: number,
  ranges: Intensities,
): Promise<Image> {
  const { width, height } = levels.full;
  const scale = Math.min(1, side / Math.max(width, height));
  const size = {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
  const reader = await levels.forPixels(size.width * size.height);
  const whole = { x: 0, y: 0, width: reader.width, height: reader.height };
  const fits = reader.width >= size.width && reader.height >= size.height;
  const image = fits
    ? await readScaled(reader, whole, size)
    : resizeImage(await reader.read(0, 0, reader.width, reader.height), size);
  return pictureOf(image, ranges);
}

/** The levels of a file, each opened when it is needed. */
class LevelReaders implements AsyncDisposable {
  readonly full: OpenedImage;
  readonly #path: string;
  readonly #reading: OpenImageOptions;
  readonly #opened = new Map<number, Promise<OpenedImage>>();

  constructor(full: OpenedImage, path: string, reading: OpenImageOptions) {
    this.full = full;
    this.#path = path;
    this.#reading = reading;
  }

  /** The lowest level that has so many pixels; full size where none has. */
  async forPixels(pixels: number): Promise<OpenedImage> {
    const level = this.full.levels.findLastIndex(({ width, height }) =>
      width * height >= pixels
    );
    if (level <= 0) return this.full;
    const open = this.#opened.get(level) ??
      openImage(this.#path, { ...this.#reading, level });
    this.#opened.set(level, open);
    return await open;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const open of this.#opened.values()) {
      const image = await open.catch(() => null);
      await image?.[Symbol.asyncDispose]();
    }
  }
}
