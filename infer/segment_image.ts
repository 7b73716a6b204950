import { type Image, toRgb8 } from "@unet/data";
import { cannot, ModelError } from "@unet/errors";
import { cutWindow, pasteTile } from "./_window.ts";
import type { Predict } from "./predict.ts";
import { planTiles, type TileOptions, type TilePlan } from "./tile_plan.ts";

/** What a network says about an image. */
export interface Segmentation {
  /** Pixels a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Each pixel's probability of being object, 0…1, laid out as `[H, W]`. */
  readonly probability: Float32Array;
}

/** How an image is segmented. */
export interface SegmentImageOptions extends TileOptions {
  /** Windows that the network sees at once; 4 by default. */
  readonly batchSize?: number;
  /**
   * Called after each batch.
   *
   * @param done Tiles that are finished.
   * @param total Tiles of the image.
   */
  readonly onProgress?: (done: number, total: number) => void;
  /** Ends the work between two batches. */
  readonly signal?: AbortSignal;
}

/**
 * Segments an image of any size, window by window. Besides the result, one
 * batch of windows is in memory at a time.
 *
 * @param image The image; the network sees it as `toRgb8` of `@unet/data`
 * gives it.
 * @param predict The network.
 * @param options How to cut the image, how much at once.
 * @returns A probability for every pixel.
 * @throws {ModelError} If a probability is not a number in 0…1, naming the tile.
 * @throws {RangeError} If a setting is out of its range, or `predict` returns
 * another number of values than the windows have pixels.
 * @throws The signal's reason, when it is aborted.
 *
 * @example
 * ```ts
 * import { segmentImage } from "@unet/infer";
 * import { assertEquals } from "@std/assert";
 *
 * const image = {
 *   width: 3,
 *   height: 1,
 *   channels: 3,
 *   depth: 8,
 *   data: new Uint8Array([255, 0, 0, 0, 9, 9, 255, 9, 9]),
 * } as const;
 * const { probability } = await segmentImage(
 *   image,
 *   (x) => Promise.resolve(x.filter((_, index) => index % 3 === 0)),
 * );
 * assertEquals(probability, new Float32Array([1, 0, 1]));
 * ```
 */
export async function segmentImage(
  image: Image,
  predict: Predict,
  options: SegmentImageOptions = {},
): Promise<Segmentation> {
  const { batchSize = 4, onProgress, signal } = options;
  if (!(Number.isSafeInteger(batchSize) && batchSize >= 1)) {
    throw new RangeError(
      `Cannot segment image: found batchSize ${batchSize}, expected an integer of at least 1`,
    );
  }
  signal?.throwIfAborted();
  const { width, height } = image;
  const plan = planTiles(width, height, options);
  const seen = toRgb8(image);
  const total = plan.tiles.length, pixels = plan.side ** 2;
  const x = new Float32Array(Math.min(batchSize, total) * pixels * 3);
  const probability = new Float32Array(width * height);
  for (let done = 0; done < total;) {
    const tiles = plan.tiles.slice(done, done + batchSize);
    tiles.forEach((tile, index) =>
      cutWindow(seen, tile, x.subarray(index * pixels * 3))
    );
    const values = await predictBatch(predict, x, tiles.length, plan);
    tiles.forEach((tile, index) => {
      const window = values.subarray(index * pixels, (index + 1) * pixels);
      const wrong = pasteTile(window, tile, probability, width);
      if (wrong !== undefined) throw notProbable(wrong, tile);
    });
    done += tiles.length;
    onProgress?.(done, total);
    await turnEventLoop();
    signal?.throwIfAborted();
  }
  return { width, height, probability };
}

async function predictBatch(
  predict: Predict,
  x: Float32Array,
  count: number,
  { side }: TilePlan,
): Promise<Float32Array> {
  const expected = count * side * side;
  const { outputs = 1 } = predict;
  const values = await predict(x.subarray(0, expected * 3), [
    count,
    side,
    side,
  ]);
  if (values.length === outputs * expected) {
    // Of two, the first is the object's.
    return outputs === 1
      ? values
      : Float32Array.from({ length: expected }, (_, at) => values[2 * at]!);
  }
  throw new RangeError(
    `Cannot use prediction: found ${values.length} values, expected ${
      outputs * expected
    } for ${count} windows of ${side}×${side}`,
  );
}

/**
 * Lets signals, timers and files have their turn: a network on the CPU holds
 * the thread, and its promises alone would starve a Ctrl-C.
 */
function turnEventLoop(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

function notProbable(
  value: number,
  tile: { x: number; y: number; width: number; height: number },
): ModelError {
  const { x, y, width, height } = tile;
  return new ModelError(
    cannot("segment", "tile", `${width}×${height} at ${x},${y}`, {
      found: `the probability ${value}`,
      expected: "a number in 0…1",
      remedy: "the model's weights or the device's numbers are broken",
    }),
  );
}
