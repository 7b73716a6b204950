import type { PixelSize } from "@unet/data";
import { describeOme } from "./_ome_image.ts";
import { TiffWriter } from "./tiff_writer.ts";

/** Options of an image. */
export interface ImageTiffOptions {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Bits per value; 32 are floating-point numbers. */
  readonly depth: 8 | 16 | 32;
  /** 1 for gray, 3 for red, green and blue, or the names of separate channels. */
  readonly channels: 1 | 3 | readonly string[];
  /** How large a pixel is. */
  readonly pixelSize?: PixelSize;
  /** Whether to add smaller versions, which are means; no by default. */
  readonly pyramid?: boolean;
}

const types = { 8: "uint8", 16: "uint16", 32: "float32" } as const;

/**
 * Begins a TIFF of an image as it was recorded, without loss; with several
 * channels an OME-TIFF, which names them.
 *
 * @param path The file, replaced at the end if it is there.
 * @param options What it holds.
 * @returns The writer of its rows, `[rows, W, C]`, of the type of the depth.
 * @throws {FileError} If no file can be made there.
 * @throws {RangeError} If a size or a number of channels cannot be.
 *
 * @example
 * ```ts
 * import { openImageTiff } from "@unet/infer/outputs";
 * import { openImage } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/cells.tif`;
 * {
 *   await using tiff = await openImageTiff(path, {
 *     ...{ width: 2, height: 1, depth: 16, channels: ["DAPI", "GFP"] },
 *   });
 *   await tiff.writeRows(new Uint16Array([1, 500, 2, 600]));
 *   await tiff.finish();
 * }
 * await using image = await openImage(path, { channel: "GFP" });
 * const { data } = await image.read(0, 0, 2, 1);
 * assertEquals([...data], [500, 600]);
 * ```
 */
export async function openImageTiff(
  path: string,
  { depth, channels, pyramid = false, ...size }: ImageTiffOptions,
): Promise<TiffWriter> {
  const type = types[depth];
  return await TiffWriter.open(path, {
    ...{ ...size, type },
    ...(typeof channels === "number" ? { channels } : {
      planes: channels.length,
      description: describeOme({ ...size, type, channels }),
    }),
    ...(pyramid && { pyramid: "mean" }),
  });
}
