import {
  cropped,
  findBorders,
  type ImageReader,
  type IntensityRange,
  intensityRangeOf,
  openImage,
  type OpenImageOptions,
  type PixelSize,
  type Rectangle,
  rescaled,
} from "@unet/data";
import { cannot, FileError } from "@unet/errors";

/** How image files are opened for a network. */
export interface SourceOptions extends Omit<OpenImageOptions, "cacheBytes"> {
  /**
   * The pixel size in µm that the network was trained for: images are rescaled
   * to it, and results back. Not by default.
   */
  readonly pixelSize?: number;
  /** The images' pixel size in µm, instead of what the files tell. */
  readonly imagePixelSize?: number;
  /** Whether empty margins are left out and stay background; not by default. */
  readonly cropBorders?: boolean;
}

/** An image file that is open, as it is and as the network sees it. */
export interface Source extends AsyncDisposable {
  /** The image. */
  readonly image: ImageReader;
  /** How large its pixels are, where that is known. */
  readonly pixelSize?: PixelSize;
  /** What the network sees of it. */
  readonly seen: ImageReader;
  /** The part of the image that this is. */
  readonly part: Rectangle;
  /** The values that become black and white. */
  readonly range: IntensityRange;
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
  await using stack = new AsyncDisposableStack();
  const image = stack.use(await openImage(path, options));
  const whole = { x: 0, y: 0, width: image.width, height: image.height };
  const part = options.cropBorders ? (await findBorders(image)).content : whole;
  const pixelSize = pixelSizeOf(image, options);
  const factor = factorOf(path, pixelSize, options);
  let seen: ImageReader = part === whole ? image : cropped(image, part);
  if (factor) {
    const level = part === whole ? smallerLevel(image.levels, factor) : 0;
    if (level > (options.level ?? 0)) {
      const small = stack.use(await openImage(path, { ...options, level }));
      seen = rescaled(small, {
        x: factor.x * image.width / small.width,
        y: factor.y * image.height / small.height,
      });
    } else {
      seen = rescaled(seen, factor);
    }
  }
  const range = await intensityRangeOf(seen);
  const opened = stack.move();
  return {
    image,
    ...(pixelSize && { pixelSize }),
    seen,
    part,
    range,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

function pixelSizeOf(
  image: ImageReader,
  { imagePixelSize }: SourceOptions,
): PixelSize | undefined {
  return imagePixelSize === undefined
    ? image.pixelSize
    : { x: imagePixelSize, y: imagePixelSize };
}

/** By how much the image is enlarged for the network, if it is. */
function factorOf(
  path: string,
  pixelSize: PixelSize | undefined,
  { pixelSize: wanted }: SourceOptions,
): PixelSize | undefined {
  if (wanted === undefined) return undefined;
  if (!pixelSize) {
    throw new FileError(
      cannot("rescale", "image", path, {
        found: "no pixel size in it",
        expected: "one, to bring it to the network's",
        remedy: "give the image's with --image-pixel-size",
      }),
    );
  }
  return { x: pixelSize.x / wanted, y: pixelSize.y / wanted };
}

/** The smallest level of a pyramid that is not smaller than what is wanted. */
function smallerLevel(
  levels: readonly { readonly width: number; readonly height: number }[],
  factor: PixelSize,
): number {
  const [full] = levels;
  return levels.findLastIndex(({ width, height }) =>
    width >= full!.width * factor.x && height >= full!.height * factor.y
  );
}
