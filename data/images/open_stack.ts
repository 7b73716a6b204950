import { requireBacked, wideningOf } from "./decode_budget.ts";
import { formatOf } from "./image_format.ts";
import { fileOnDisk, type ImageFile } from "./image_file.ts";
import {
  defaultMaxPixels,
  openPicture,
  requireOptions,
} from "./open_image_file.ts";
import {
  openSeries,
  readSeriesFor,
  requireStackBacked,
} from "../tiff/open_tiff.ts";
import { requireRead, unreadStartBytes } from "./unread_format.ts";
import { type SlideFormat, slideFormatOf } from "../openslide/slide_format.ts";
import { TiffFile } from "../tiff/tiff_file.ts";
import { TiffSet } from "../tiff/tiff_set.ts";
import type { OpenedImage, OpenImageOptions } from "./opened_image.ts";
import { type ZarrPlace, zarrPlaceOf } from "../zarr/zarr_place.ts";

/** A file of planes and time points that is open. */
export interface OpenedStack extends AsyncDisposable {
  /** How many planes there are. */
  readonly planes: number;
  /** How many time points there are. */
  readonly times: number;
  /**
   * Opens a part of it, by the rules of `openImage()`. What the file says of
   * its pages is not read again.
   *
   * @param part The plane and the time point, and whatever else is read in
   * another way than the stack was opened.
   * @returns The reader; disposing of it leaves the stack open.
   * @throws {FileError} As `openImage()`.
   */
  open(part: OpenImageOptions): Promise<OpenedImage>;
}

/** How a file of planes and time points is opened. */
export interface OpenStackOptions extends OpenImageOptions {
  /**
   * What all parts of are read, where each pixel is costly, as to a network: a
   * file whose bytes do not back the pixels of all together is refused, as
   * `isReadWhole` refuses one part. None by default.
   */
  readonly axis?: "plane" | "time";
}

/**
 * Opens an image file to read several of its planes or time points, one after
 * another. A TIFF is opened once for all of them; of an animated GIF or WebP
 * each frame is decoded when it is opened.
 *
 * @param path The file.
 * @param options What is read of each part that does not say otherwise; limits
 * on memory, of each.
 * @returns The stack; dispose of it to close the file, after its readers.
 * @throws {FileError} If the file is missing, damaged or of another kind.
 * @throws {RangeError} If an option is no number that it may be.
 *
 * @example
 * ```ts
 * import { encodePng, openStack } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".png" });
 * const data = new Uint8Array([0, 1, 2, 3]);
 * const image = { width: 2, height: 2, channels: 1, depth: 8, data } as const;
 * await Deno.writeFile(path, await encodePng(image));
 * {
 *   await using stack = await openStack(path);
 *   assertEquals([stack.planes, stack.times], [1, 1]);
 *   await using plane = await stack.open({ plane: 0 });
 *   assertEquals((await plane.read(0, 0, 2, 2)).data, data);
 * }
 * await Deno.remove(path);
 * ```
 */
export async function openStack(
  path: string,
  { axis, ...options }: OpenStackOptions = {},
): Promise<OpenedStack> {
  requireOptions(options);
  const { maxPixels = defaultMaxPixels } = options;
  const limited = { ...options, maxPixels };
  const file = fileOnDisk(path);
  const zarr = zarrPlaceOf(path);
  if (zarr) return await stackOfZarr(path, zarr, { ...limited, axis });
  using opened = new DisposableStack();
  const source = opened.use(await file.open());
  const slide = slideFormatOf(source, file.name);
  if (slide) return stackOfSlide(file, slide, limited);
  const start = source.read(0, Math.min(unreadStartBytes, source.size));
  requireRead(start, file);
  if (formatOf(start) !== "TIFF") {
    const bytes = source.read(0, source.size);
    const open: OpenedStack["open"] = async (part) => {
      requireOptions(part);
      const whole = { ...limited, ...part };
      return await openPicture(bytes, path, {
        ...whole,
        maxPixels: part.maxPixels ?? maxPixels,
      });
    };
    const first = await open({ time: 0 });
    const { planes, times, width, height, channels, depth } = first;
    if (axis === "time") {
      const decoded = width * height * channels * depth / 8 * times;
      const counted = decoded * wideningOf(first), stored = bytes.length;
      requireBacked(path, { kind: "costly", decoded, stored, counted });
    }
    return {
      ...{ planes, times, open },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }
  const set = opened.use(new TiffSet(new TiffFile(path, source), file));
  const series = await readSeriesFor(set, options);
  if (axis) await requireStackBacked(set, series, { ...limited, axis });
  const kept = opened.move();
  return {
    planes: series.planes,
    times: series.times,
    open: async (part) => {
      requireOptions(part);
      return await openSeries(set, series, {
        ...{ ...limited, ...part },
        maxPixels: part.maxPixels ?? maxPixels,
        isShared: true,
      });
    },
    [Symbol.asyncDispose]: () => Promise.resolve(kept.dispose()),
  };
}

/** The planes and time points of an OME-Zarr. */
async function stackOfZarr(
  path: string,
  place: ZarrPlace,
  { axis, ...options }: OpenImageOptions & {
    readonly maxPixels: number;
    readonly axis: "plane" | "time" | undefined;
  },
): Promise<OpenedStack> {
  const { openZarrParts } = await import("../zarr/open_zarr.ts");
  using stack = new DisposableStack();
  const zarr = stack.use(await openZarrParts(path, place));
  if (axis) zarr.requireBacked(options, axis);
  const kept = stack.move();
  return {
    planes: zarr.image.planes,
    times: zarr.image.times,
    open: async (part) => {
      requireOptions(part);
      return await zarr.open({
        ...{ ...options, ...part },
        maxPixels: part.maxPixels ?? options.maxPixels,
      });
    },
    [Symbol.asyncDispose]: () => Promise.resolve(kept.dispose()),
  };
}

/** A slide is a stack of one plane. */
function stackOfSlide(
  file: ImageFile,
  slide: SlideFormat,
  options: OpenImageOptions,
): OpenedStack {
  return {
    planes: 1,
    times: 1,
    open: async (part) => {
      requireOptions(part);
      const whole = { ...options, ...part };
      const { openSlide } = await import("../openslide/open_slide.ts");
      return await openSlide(file, await file.open(), slide, whole);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
