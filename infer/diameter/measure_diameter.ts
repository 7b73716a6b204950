import type { Diameters, Image, ImageReader, ImageSize } from "@unet/data";
import type { InstanceBand } from "../instances/instance.ts";
import type { Band } from "../windows/band.ts";
import type { Predict } from "../windows/predict.ts";
import type { WindowOptions } from "../windows/window_plan.ts";
import { type Activity, activityOf, chooseParts } from "./choose_parts.ts";
import { areEnough, judgeLooks, type Look } from "./judge_looks.ts";
import {
  doubtful,
  lookAtWhole,
  type LookOptions,
  type Sight,
  takeLook,
  type WholeSight,
} from "./take_look.ts";

/** The scales of looks, in the order in which they are taken. */
const scales = [1, 0.5, 0.25, 2] as const;

/**
 * The side of the parts that the network sees, in its own pixels, and in images
 * of fewer pixels than so many, of which such a part would be most. These it
 * sees whole at their own size: that is mostly their segmentation already.
 */
const partSide = 256, smallPartSide = 128, smallImage = 400 ** 2;

/** An image of so many pixels is seen in one part, a larger one in more. */
const pixelsPerPart = 2 ** 20;

/** Parts that are seen at each scale at most: as many pixels as four of 512². */
const mostParts = 16;

/** The longer side of the copy in which parts are chosen. */
const overviewSide = 256;

/** The measured diameter of an image's objects. */
export interface MeasuredDiameter {
  /**
   * The median diameter in pixels of the image, to whole ones from 10 on and to
   * tenths below; null where nothing was found to measure.
   */
  readonly diameter: number | null;
  /**
   * What the network predicts of the image at its own size, as
   * `segmentBands()` gives it, where it saw the whole image to measure it.
   */
  readonly bands?: readonly Band[];
  /** The objects that each of these bands completed. */
  readonly found?: readonly InstanceBand[];
}

/** An image that is measured. */
export interface MeasuredImage extends ImageSize {
  /**
   * Shows the image at a scale.
   *
   * @param scale By how much it is enlarged.
   * @returns A reader, disposed of by the caller.
   */
  at(scale: number): Promise<ImageReader>;
}

/**
 * Measures how large the objects of an image are, by looking at parts of it at
 * several scales ({@linkcode judgeLooks}). The parts are those where most
 * happens. Mostly one look is enough, which costs a sixteenth of what it takes
 * to segment an image of 1024×1024, or 16 parts of 256×256 for the largest
 * images; there are at most four. Of an image of fewer than 400×400 pixels, the
 * first look is at the whole, which need not be segmented again. If the first
 * two see nothing that might be an object, there is nothing to measure.
 *
 * @param image The image.
 * @param predict The network.
 * @param options How it looks, and the diameters that it learned.
 * @returns The diameter, and what was predicted on the way.
 * @throws {FileError} If the image cannot be read.
 *
 * @example
 * ```ts
 * import { imageReaderOf } from "@unet/infer";
 * import { measureDiameter } from "@unet/infer/diameter";
 * import { rescaled } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * // A network that sees nothing.
 * const image = { width: 64, height: 64, channels: 1, depth: 8 } as const;
 * const reader = imageReaderOf({ ...image, data: new Uint8Array(4096) });
 * const { diameter } = await measureDiameter(
 *   { ...image, at: (scale) => Promise.resolve(rescaled(reader, scale)) },
 *   (x) => Promise.resolve(new Float32Array(x.length / 3)),
 *   {
 *     learned: { low: 8, median: 20, high: 40 },
 *     range: { low: 0, high: 255 },
 *   },
 * );
 * assertEquals(diameter, null);
 * ```
 */
export async function measureDiameter(
  image: MeasuredImage,
  predict: Predict,
  { learned, ...options }: LookOptions & { readonly learned: Diameters },
): Promise<MeasuredDiameter> {
  const { width, height } = image;
  const isSmall = width * height < smallImage;
  const side = isSmall ? smallPartSide : partSide;
  const window = windowFor(options.window, side);
  const count = Math.round(width * height / pixelsPerPart);
  const looks: Look[] = [];
  let isEmpty = true;
  let whole: WholeSight | undefined, activity: Activity | undefined;
  for (const [index, scale] of scales.entries()) {
    options.signal?.throwIfAborted();
    await using reader = await image.at(scale);
    const look = async (): Promise<Sight> => {
      if (isSmall && scale === 1) {
        return whole = await lookAtWhole(reader, predict, options);
      }
      activity ??= activityOf(await readOverview(image));
      const parts = chooseParts(activity, reader, {
        width: Math.min(side, reader.width),
        height: Math.min(side, reader.height),
        count: Math.min(mostParts, Math.max(1, count)),
      });
      const windows = { ...options, ...(window && { window }) };
      return await takeLook({ reader, scale, parts }, predict, windows);
    };
    const seen = await look();
    if (seen.look) looks.push(seen.look);
    isEmpty &&= seen.highest <= doubtful.low;
    if (areEnough(looks, learned) || isEmpty && index > 0) break;
  }
  const diameter = judgeLooks(looks, learned);
  return {
    diameter: diameter === null ? null : rounded(diameter),
    ...(whole && { bands: whole.bands, found: whole.found }),
  };
}

async function readOverview(image: MeasuredImage): Promise<Image> {
  const longer = Math.max(image.width, image.height);
  const scale = Math.min(1, overviewSide / longer);
  await using reader = await image.at(scale);
  return await reader.read(0, 0, reader.width, reader.height);
}

/** Parts of their size, without margins, where the network can see such. */
function windowFor(
  window: WindowOptions | undefined,
  tile: number,
): WindowOptions | undefined {
  const { context, multiple } = window ?? {};
  if (context === "reflect") return { tile, margin: 0 };
  if (multiple === undefined) return window;
  return { tile, margin: 0, multiple };
}

function rounded(diameter: number): number {
  return diameter < 10 ? Math.round(10 * diameter) / 10 : Math.round(diameter);
}
