import { micrometersIn } from "./length_units.ts";
import type { PixelSize } from "./image_reader.ts";

/** A TIFF's resolution: pixels per unit, and the number of the unit. */
export interface TiffResolution {
  readonly x?: number | undefined;
  readonly y?: number | undefined;
  /** 1 none, 2 inch, 3 centimeter. */
  readonly unit: number;
}

/** µm a pixel between which the resolution tags are taken for a microscope's. */
const finest = 0.01, coarsest = 10;

/**
 * The pixel size by the resolution tags.
 *
 * Programs write 72, 96, 300 or 2400 dots per inch where they know nothing;
 * that is 353 to 10.6 µm, which no microscope has. So only 0.01 to 10 µm count.
 */
export function pixelSizeOfTags(
  { x, y, unit }: TiffResolution,
): PixelSize | undefined {
  const length = unit === 2 ? 25400 : unit === 3 ? 10000 : undefined;
  if (!length || !x || !y) return undefined;
  return plausible({ x: length / x, y: length / y });
}

/**
 * The pixel size that ImageJ gives: pixels per unit, the unit in its text.
 *
 * ImageJ takes over an inch from the resolution tags of files that say nothing
 * of a microscope, so that of an inch only 0.01 to 10 µm count.
 *
 * @param unit The unit; of heights too, unless `yUnit` is another.
 */
export function pixelSizeOfImageJ(
  unit: string | undefined,
  { x, y }: TiffResolution,
  yUnit = unit,
): PixelSize | undefined {
  const across = lengthOf(unit), down = lengthOf(yUnit);
  if (!across || !down || !x || !y) return undefined;
  const size = sized(across / x, down / y);
  return size && across === inch ? plausible(size) : size;
}

const inch = 25400;

/** µm in a unit of ImageJ's, which escapes what is not ASCII. */
function lengthOf(unit: string | undefined): number | undefined {
  return unit === undefined ? undefined : micrometersIn(
    unit.replace(
      /\\u([0-9a-fA-F]{4})/g,
      (_, code) => String.fromCharCode(parseInt(code, 16)),
    ),
  );
}

/** The pixel size that an Aperio scanner writes into its description. */
export function pixelSizeOfAperio(text: string): PixelSize | undefined {
  const [, number] = /\|\s*MPP\s*=\s*([0-9.]+)/.exec(text) ?? [];
  return sized(Number(number), Number(number));
}

/**
 * µm a pixel beyond which a number is no size of anything that a microscope
 * images: atoms are a ten-thousandth of one apart.
 */
const least = 1e-6, most = 1e6;

/**
 * A pixel size that can be meant: positive numbers from 0.000001 to 1,000,000
 * µm. Undefined where they are none: the size is unknown then.
 */
export function sized(
  x: number | undefined,
  y: number | undefined,
): PixelSize | undefined {
  const isMeant = (one: number | undefined): one is number =>
    one !== undefined && one >= least && one <= most;
  return isMeant(x) && isMeant(y) ? { x, y } : undefined;
}

function plausible(size: PixelSize): PixelSize | undefined {
  const isRight = [size.x, size.y].every((one) =>
    one >= finest && one <= coarsest
  );
  return isRight ? size : undefined;
}
