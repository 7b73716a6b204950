/**
 * Measures objects in every channel of an image file.
 *
 * @module
 */
import { type ImageChoice, openImage, type PixelSize } from "@unet/data";
import { FileError } from "@unet/errors";
import type { Instance } from "../instances/instance.ts";
import type { Measurement } from "../outputs/measure_instance.ts";
import { measureAll } from "./measure_all.ts";
import { MeasuredChannels } from "./measured_channels.ts";

/** An image file that is open to measure objects in it. */
export interface MeasuredImage extends AsyncDisposable {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** How large the pixels are, where the file says so. */
  readonly pixelSize?: PixelSize;
  /** The channels that objects are measured in. */
  readonly channels: readonly string[];
  /**
   * Measures objects, as the table of `segment()` does.
   *
   * @param instances The objects, all of them within the image.
   * @returns A measurement per object, in the same order.
   * @throws {FileError} If the file is damaged there.
   */
  measure(instances: readonly Instance[]): Promise<Measurement[]>;
}

/**
 * Opens an image file to measure objects in it, wherever these come from.
 *
 * @param path The file.
 * @param choice The plane and the time point; the first ones by default.
 * @returns The image; dispose of it to close the file.
 * @throws {FileError} If it cannot be read.
 *
 * @example
 * ```ts
 * import { openMeasuredImage } from "@unet/infer/measured-image";
 * import { encodePng } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".png" });
 * const data = new Uint8Array([10, 30]);
 * const image = { width: 2, height: 1, channels: 1, depth: 8, data } as const;
 * await Deno.writeFile(path, await encodePng(image));
 * {
 *   await using image = await openMeasuredImage(path);
 *   const box = { x: 0, y: 0, width: 2, height: 1 };
 *   const [measured] = await image.measure([
 *     { label: 1, ...box, mask: new Uint8Array([1, 1]) },
 *   ]);
 *   assertEquals(measured?.intensities[0]?.mean, 20);
 * }
 * await Deno.remove(path);
 * ```
 */
export async function openMeasuredImage(
  path: string,
  choice: Pick<ImageChoice, "plane" | "time"> = {},
): Promise<MeasuredImage> {
  await using stack = new AsyncDisposableStack();
  const image = stack.use(await openAny(path, choice));
  const channels = stack.use(
    await MeasuredChannels.open(path, { image }, choice),
  );
  const opened = stack.move();
  const { width, height, pixelSize } = image;
  return {
    ...{ width, height, channels: channels.names },
    ...(pixelSize && { pixelSize }),
    measure: (instances) => measureAll(instances, image, channels),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** Opens a file; which of its channels is seen does not matter. */
async function openAny(
  path: string,
  choice: Pick<ImageChoice, "plane" | "time">,
) {
  const options = { ...choice, isReadWhole: true };
  try {
    return await openImage(path, options);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    try {
      return await openImage(path, { ...options, channel: 0 });
    } catch {
      // What was found first is the fault.
      throw error;
    }
  }
}
