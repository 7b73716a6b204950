/**
 * What a network predicts of an image file.
 *
 * @module
 */
import type { PixelSize } from "@unet/data";
import type { ImageScale } from "../diameter/diameter_settings.ts";
import type { Band } from "../windows/band.ts";
import type { Predict } from "../windows/predict.ts";
import type { SegmentImageOptions } from "../windows/segment_bands.ts";
import { atDiameter } from "./at_diameter.ts";
import { bandsOfFile } from "./bands_of_file.ts";
import { openSource } from "./open_source.ts";
import type { ResultSettings } from "./segment_options.ts";
import { sourceOptionsOf } from "./source_options_of.ts";

export type { ResultSettings };

/** How an image is predicted. */
export interface PredictionOptions
  extends Pick<SegmentImageOptions, "onProgress"> {
  /** What decides the result; one plane and time point alone. */
  readonly settings?: ResultSettings;
  /** Ends the work between two batches. */
  readonly signal?: AbortSignal;
}

/** An image file, and what a network predicts of it. */
export interface FilePrediction extends AsyncDisposable {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** How large the pixels are, where that is known. */
  readonly pixelSize?: PixelSize;
  /** At which size the network saw it, where that was asked for. */
  readonly scaled?: ImageScale;
  /**
   * Runs the network.
   *
   * @returns Bands of rows, complete as they come.
   */
  bands(): AsyncGenerator<Band, void, void>;
}

/**
 * Opens an image file for a network, as `segment()` does.
 *
 * @param path The file.
 * @param predict The network.
 * @param options The settings, and what ends it.
 * @returns The image; dispose of it to close the file.
 * @throws {FileError} If it cannot be read.
 *
 * @example
 * ```ts
 * import { openPrediction } from "@unet/infer/open-prediction";
 * import { encodePng } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".png" });
 * const data = new Uint8Array([255, 0]);
 * const image = { width: 2, height: 1, channels: 1, depth: 8, data } as const;
 * await Deno.writeFile(path, await encodePng(image));
 * {
 *   await using opened = await openPrediction(
 *     path,
 *     (x) => Promise.resolve(x.filter((_, index) => index % 3 === 0)),
 *   );
 *   const [band] = await Array.fromAsync(opened.bands());
 *   assertEquals(band?.planes, { object: new Float32Array([1, 0]) });
 * }
 * await Deno.remove(path);
 * ```
 */
export async function openPrediction(
  path: string,
  predict: Predict,
  { settings = {}, signal = new AbortController().signal, onProgress }:
    PredictionOptions = {},
): Promise<FilePrediction> {
  const opening = sourceOptionsOf({ settings, predict });
  const source = await atDiameter(await openSource(path, opening), {
    ...{ settings, predict, opening, signal },
  });
  const { image: { width, height }, pixelSize, scaled } = source;
  return {
    ...{ width, height },
    ...(pixelSize && { pixelSize }),
    ...(scaled && { scaled }),
    bands: () =>
      bandsOfFile(source, predict, {
        ...settings,
        signal,
        ...(onProgress && { onProgress }),
      }, undefined),
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  };
}
