import {
  atPixelSize,
  channelRangesOf,
  cropped,
  findBorders,
  type ImageReader,
  type Intensities,
  intensityRangeOf,
  type OpenedImage,
  openImage,
  type OpenImageOptions,
  type PixelSize,
  type Rectangle,
} from "@unet/data";

/** How image files are opened for a network. */
export interface SourceOptions
  extends Omit<OpenImageOptions, "cacheBytes" | "isReadWhole"> {
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
  readonly image: OpenedImage;
  /** How large its pixels are, where that is known. */
  readonly pixelSize?: PixelSize;
  /** What the network sees of it. */
  readonly seen: ImageReader;
  /** The part of the image that this is. */
  readonly part: Rectangle;
  /** The values that become black and white; per channel where separate. */
  readonly range: Intensities;
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
  const { pixelSize: wanted, imagePixelSize, cropBorders, ...reading } =
    options;
  await using stack = new AsyncDisposableStack();
  const image = stack.use(
    await openImage(path, { ...reading, isReadWhole: true }),
  );
  const whole = { x: 0, y: 0, width: image.width, height: image.height };
  const part = cropBorders ? (await findBorders(image)).content : whole;
  const own = part === whole ? image : cropped(image, part);
  const pixelSize = imagePixelSize === undefined
    ? image.pixelSize
    : { x: imagePixelSize, y: imagePixelSize };
  const seen = wanted === undefined ? own : stack.use(
    await atPixelSize(own, wanted, {
      ...reading,
      ...(pixelSize && { pixelSize }),
    }),
  );
  const range = seen.isSeparate
    ? await channelRangesOf(seen)
    : await intensityRangeOf(seen);
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
