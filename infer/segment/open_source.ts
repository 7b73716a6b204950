import {
  atPixelSize,
  channelRangesOf,
  type ColorNormalization,
  cropped,
  findBorders,
  type ImageReader,
  type ImageSize,
  type Intensities,
  intensityRangeOf,
  type OpenedImage,
  openImage,
  type OpenImageOptions,
  type PixelSize,
  type Rectangle,
  slideRangeOf,
} from "@unet/data";
import type { ImageScale } from "../diameter/diameter_settings.ts";
import type { StackShape } from "../outputs/stack_shape.ts";
import type { InstanceBand } from "../instances/instance.ts";
import type { Band } from "../windows/band.ts";
import type { FittedInput, Predict } from "../windows/predict.ts";

/** How image files are opened for a network. */
export interface SourceOptions
  extends Omit<OpenImageOptions, "cacheBytes" | "isReadWhole"> {
  /**
   * The pixel size in µm that the network was trained for: images are rescaled
   * to it, and results back. Not by default.
   */
  readonly pixelSize?: number;
  /** The images' pixel size in µm, instead of that of the files. */
  readonly imagePixelSize?: number;
  /** Whether empty margins are left out and stay background; not by default. */
  readonly cropBorders?: boolean;
  /**
   * The rule by which the network expects color and gray images to be spread;
   * `stretch-dark` if not given.
   */
  readonly normalization?: ColorNormalization;
  /** Fits the network's own normalization to the image, where it has one. */
  readonly fit?: NonNullable<Predict["fit"]>;
}

/** The planes, or time points, of a file. */
export interface SourceStack extends StackShape {
  /** Whether the file has no other axis. */
  readonly isAlone: boolean;
  /**
   * Opens one of them.
   *
   * @throws {FileError} As `openSource()`.
   */
  open(index: number): Promise<Source>;
}

/** An image file that is open, as it is and as the network sees it. */
export interface Source extends AsyncDisposable {
  /** The image. */
  readonly image: OpenedImage;
  /** How large its pixels are, where that is known. */
  readonly pixelSize?: PixelSize;
  /** What the network sees of it. */
  readonly seen: ImageReader;
  /** The part of the image that this is. */
  readonly part: Rectangle;
  /** The values that become black and white; per channel where separate. */
  readonly range: Intensities;
  /** What the network sees, where it has a normalization of its own. */
  readonly fitted?: FittedInput;
  /** Opens its file for another reader; by its path where not given. */
  readonly reopen?: (options: OpenImageOptions) => Promise<OpenedImage>;
  /** All planes of the file, where it is a stack of which this is the first. */
  readonly stack?: SourceStack;
  /** How it was brought to the size that the network learned; not by default. */
  readonly scaled?: ImageScale;
  /** What the network predicts of it, where that is known already. */
  readonly bands?: readonly Band[];
  /** The objects that each of these bands completes, where they are known. */
  readonly found?: readonly InstanceBand[];
}

/**
 * Opens an image file for a network.
 *
 * @throws {FileError} If it cannot be read, or has no pixel size where one is
 * needed.
 */
export async function openSource(
  path: string,
  options: SourceOptions,
): Promise<Source> {
  const reading = readingOf(options);
  return await sourceOf(
    await openImage(path, { ...reading, isReadWhole: true }),
    options,
  );
}

/** How a file is read, without how the network sees it. */
export function readingOf(options: SourceOptions): OpenImageOptions {
  const { pixelSize: _p, imagePixelSize: _i, cropBorders: _c, ...others } =
    options;
  const { normalization: _n, fit: _f, ...reading } = others;
  return reading;
}

/**
 * Prepares an open image for a network.
 *
 * @param image The image, which is closed with the source, or if this fails.
 * @throws {FileError} If it cannot be read, or has no pixel size where one is
 * needed.
 */
export async function sourceOf(
  image: OpenedImage,
  options: SourceOptions,
): Promise<Source> {
  const { pixelSize: wanted, imagePixelSize, cropBorders } = options;
  await using stack = new AsyncDisposableStack();
  stack.use(image);
  const whole = { x: 0, y: 0, width: image.width, height: image.height };
  const part = cropBorders ? (await findBorders(image)).content : whole;
  const own = part === whole ? image : cropped(image, part);
  const pixelSize = imagePixelSize === undefined
    ? image.pixelSize
    : { x: imagePixelSize, y: imagePixelSize };
  const seen = wanted === undefined ? own : stack.use(
    await atPixelSize(own, wanted, {
      ...readingOf(options),
      ...(pixelSize && { pixelSize }),
    }),
  );
  const range = await rangeOf({ image, part, seen }, options);
  const fitted = await options.fit?.(seen);
  const opened = stack.move();
  return {
    image,
    ...(pixelSize && { pixelSize }),
    seen,
    part,
    range,
    ...(fitted && { fitted }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** A slide is an image of more pixels that is stored in levels. */
const slideAbove = 2 ** 24;

/** A slide's percentiles are those of its lowest level of so many pixels. */
const levelPixels = 2 ** 20;

/** The values that the network sees as black and white. */
async function rangeOf(
  { image, part, seen }: Pick<Source, "image" | "part" | "seen">,
  options: SourceOptions,
): Promise<Intensities> {
  if (seen.isSeparate) return await channelRangesOf(seen);
  const { normalization } = options, { levels } = image;
  const level = levels.findLastIndex(({ width, height }) =>
    width * height >= levelPixels
  );
  const isSlide = image.width * image.height > slideAbove &&
    level > image.level;
  if (normalization !== "color-percentiles" || !isSlide) {
    return await intensityRangeOf(seen, normalization);
  }
  await using small = await openImage(image.path, {
    ...readingOf(options),
    level,
  });
  return await slideRangeOf(cropped(small, atLevel(part, image, small)));
}

/** The place of a part of an image in a lower level, in whole pixels. */
function atLevel(
  { x, y, width, height }: Rectangle,
  full: ImageSize,
  small: ImageSize,
): Rectangle {
  const across = small.width / full.width, down = small.height / full.height;
  const left = Math.min(small.width - 1, Math.floor(x * across));
  const top = Math.min(small.height - 1, Math.floor(y * down));
  const right = Math.min(small.width, Math.ceil((x + width) * across));
  const bottom = Math.min(small.height, Math.ceil((y + height) * down));
  return {
    ...{ x: left, y: top },
    width: Math.max(1, right - left),
    height: Math.max(1, bottom - top),
  };
}

/** Pixels of an image, or of all planes of a stack. */
export function pixelsOf({ image: { width, height }, stack }: Source): number {
  return width * height * (stack?.count ?? 1);
}
