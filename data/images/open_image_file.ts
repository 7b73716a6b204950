import { FileError } from "@unet/errors";
import { chooseChannel } from "./choose_channel.ts";
import { digest } from "../cache/cache_index.ts";
import { decodePicture } from "./decode_picture.ts";
import { fileOnDisk, type ImageFile } from "./image_file.ts";
import { formatOf } from "./image_format.ts";
import { type MemoryReader, memoryReader } from "./memory_reader.ts";
import { otherFilesOfSlide } from "../openslide/other_files_of_slide.ts";
import { slideFormatOf } from "../openslide/slide_format.ts";
import { openTiff } from "../tiff/open_tiff.ts";
import { otherFilesOf } from "../tiff/read_series.ts";
import { orientationNote, partNotes } from "./reading_notes.ts";
import { requireAmong } from "./require_among.ts";
import { requireRead, unreadStartBytes } from "./unread_format.ts";
import { requirePixels } from "./require_pixels.ts";
import { TiffFile } from "../tiff/tiff_file.ts";
import { TiffSet } from "../tiff/tiff_set.ts";
import type { OpenedImage, OpenImageOptions } from "./opened_image.ts";
import type { Image } from "../types.ts";
import { zarrPlaceOf } from "../zarr/zarr_place.ts";

/** The most pixels of an image that is decoded whole, if not said otherwise. */
export const defaultMaxPixels = 2 ** 28;

/**
 * Opens an image, wherever its bytes lie: the one way in which the package
 * reads images.
 *
 * @throws {FileError} As `openImage()`.
 * @throws {RangeError} If an option is no number that it may be.
 */
export async function openImageFile(
  file: ImageFile,
  options: OpenImageOptions,
): Promise<OpenedImage | MemoryReader> {
  requireOptions(options);
  const limited = {
    ...options,
    maxPixels: options.maxPixels ?? defaultMaxPixels,
  };
  const zarr = file.diskPath === undefined
    ? undefined
    : zarrPlaceOf(file.diskPath);
  if (zarr) {
    const { openZarr } = await import("../zarr/open_zarr.ts");
    return await openZarr(file.path, zarr, limited);
  }
  using stack = new DisposableStack();
  const source = stack.use(await file.open());
  const slide = slideFormatOf(source, file.name);
  if (slide) {
    // The reader closes it from now on.
    stack.move();
    const { openSlide } = await import("../openslide/open_slide.ts");
    return await openSlide(file, source, slide, options);
  }
  const start = source.read(0, Math.min(unreadStartBytes, source.size));
  requireRead(start, file);
  if (formatOf(start) !== "TIFF") {
    return await openPicture(source.read(0, source.size), file.path, limited);
  }
  const set = stack.use(new TiffSet(new TiffFile(file.path, source), file));
  const opened = await openTiff(set, limited);
  // The reader closes it from now on.
  stack.move();
  return opened;
}

/**
 * Reads an image whole.
 *
 * @returns The image, and the reader, which is closed, for what it says.
 * @throws {FileError} As `openImage()`.
 */
export async function readImageFile(
  file: ImageFile,
  options: OpenImageOptions,
): Promise<{ image: Image; opened: OpenedImage }> {
  const maxPixels = options.maxPixels ?? defaultMaxPixels;
  // Read once, so that nothing need be kept.
  const once = { cacheBytes: 0, ...options, maxPixels };
  await using opened = await openImageFile(file, once);
  requirePixels(opened, file.path, maxPixels);
  const image = "whole" in opened
    ? opened.whole
    : await opened.read(0, 0, opened.width, opened.height);
  return { image, opened };
}

/**
 * The files beside an image's own that hold its pages, or their description,
 * and are there.
 *
 * @throws {FileError} If the file cannot be read.
 */
export async function otherFilesOfImage(file: ImageFile): Promise<ImageFile[]> {
  if (file.diskPath !== undefined && zarrPlaceOf(file.diskPath)) return [];
  using source = await file.open();
  const slide = slideFormatOf(source, file.name);
  if (slide) {
    return file.diskPath === undefined
      ? []
      : otherFilesOfSlide(file.diskPath, source, slide)
        .map(({ path }) => fileOnDisk(path));
  }
  const start = source.read(0, Math.min(16, source.size));
  if (formatOf(start) !== "TIFF") return [];
  return await otherFilesOf(
    new TiffSet(new TiffFile(file.path, source), file),
  );
}

/**
 * Hashes the files beside an image's own that its pages lie in, those that are
 * there.
 */
export async function hashOtherFiles(file: ImageFile): Promise<string[]> {
  try {
    const hashes: string[] = [];
    // One after the other: there may be a hundred, each a gigabyte.
    for (const other of await otherFilesOfImage(file)) {
      using source = await other.open();
      hashes.push(digest([source.read(0, source.size)]));
    }
    return hashes;
  } catch (error) {
    // What is wrong with the file is said when it is decoded.
    if (error instanceof FileError) return [];
    throw error;
  }
}

/**
 * Makes a reader of a picture that the image library decodes.
 *
 * @throws {FileError} As `openImage()`.
 */
export async function openPicture(
  bytes: Uint8Array,
  path: string,
  options: OpenImageOptions & { readonly maxPixels: number },
): Promise<MemoryReader> {
  const { level = 0, plane = 0, time = 0 } = options;
  const { maxPixels, isReadWhole = false } = options;
  requireAmong(path, "level", 1, level);
  if (typeof plane === "number") requireAmong(path, "plane", 1, plane);
  const { image, orientation, frames } = await decodePicture(bytes, {
    path,
    maxPixels,
    isReadWhole,
    page: time,
  });
  requireAmong(path, "time", frames, time);
  const found = { planes: 1, times: frames };
  return memoryReader(chooseChannel(image, options, path), path, {
    stored: image,
    times: frames,
    orientation,
    notes: [
      ...partNotes(found, { plane: 0, time: 0 }, options),
      ...orientationNote(orientation),
    ],
  });
}

/**
 * Refuses options that are no numbers that they may be.
 *
 * @throws {RangeError} If one is.
 */
export function requireOptions(options: OpenImageOptions): void {
  const { channel, plane, level, time, maxPixels, cacheBytes } = options;
  requireChannels(options);
  const counts = { level, time, maxPixels, cacheBytes, channel, plane };
  for (const [name, value] of Object.entries(counts)) {
    if (value === undefined) continue;
    const isMode = value === "max" || value === "mean";
    const isText = typeof value === "string" &&
      (name === "channel" || name === "plane" && isMode);
    if (isText || Number.isSafeInteger(value) && Number(value) >= 0) continue;
    throw new RangeError(
      `Cannot open image: found ${name} ${value}, expected a whole number from 0`,
    );
  }
}

/** More channels than microscopes record; each takes memory to normalize. */
const mostChannels = 128;

function requireChannels({ channel, channels }: OpenImageOptions): void {
  if (channels === undefined) return;
  const wrong = channels.find((one) =>
    typeof one !== "string" && !(Number.isSafeInteger(one) && one >= 0)
  );
  const found = channel !== undefined
    ? "channel beside channels"
    : channels.length < 1 || channels.length > mostChannels
    ? `${channels.length} channels`
    : wrong !== undefined
    ? `channel ${wrong}`
    : undefined;
  if (found === undefined) return;
  throw new RangeError(
    `Cannot open image: found ${found}, expected 1 to ${mostChannels} names or whole numbers from 0`,
  );
}
