import { FileError } from "@unet/errors";
import type { DecodedSize } from "../dataset/decoded_size.ts";
import { wideningOf } from "../images/decode_budget.ts";
import type { ImageFile } from "../images/image_file.ts";
import { readZarrImage } from "./zarr_image.ts";
import { zarrPlaceOf } from "./zarr_place.ts";
import { depthOfType } from "./zarr_planes.ts";
import { openZarrStore } from "./zarr_store.ts";

/**
 * Finds out how large an OME-Zarr is once it is decoded.
 *
 * @returns Undefined where the file is none; no size where it is not right: it
 * is refused when it is decoded, in words of its own.
 */
export async function zarrSize(
  file: ImageFile,
  { plane, channels, level = 0, isSeen }:
    & Partial<Record<"plane" | "channels" | "level", unknown>>
    & { readonly isSeen: boolean },
): Promise<{ readonly size?: DecodedSize } | undefined> {
  const place = file.diskPath === undefined
    ? undefined
    : zarrPlaceOf(file.diskPath);
  if (!place) return undefined;
  try {
    using store = await openZarrStore(place);
    const image = await readZarrImage(store, place.inside);
    const found = image.levels[Number(level)];
    if (!found) return {};
    const { width, height, array } = found, pixels = width * height;
    const planes = typeof plane === "string" ? image.planes : 1;
    const samples = Array.isArray(channels)
      ? channels.length
      : image.isColor
      ? 3
      : 1;
    const widened = isSeen ? pixels * wideningOf(found) : pixels;
    const bytes = widened * planes * samples * depthOfType(array.type) / 8;
    return { size: { pixels, bytes } };
  } catch (error) {
    if (error instanceof FileError) return {};
    throw error;
  }
}
