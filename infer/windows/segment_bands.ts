/**
 * Segments an image of any size, row of windows by row of windows. Runs in a browser.
 *
 * @module
 */
import type { Intensities } from "@unet/data";
import { isPerChannel } from "@unet/data/intensities";
import { cannot, count, ModelError } from "@unet/errors";
import { PendingRows } from "./pending_rows.ts";
import { Strip } from "./strip.ts";
import type { Band } from "./band.ts";
import type { PixelSource } from "./pixel_source.ts";
import { channelsOfHeads, hasChosenChannels } from "@unet/task";
import { type FittedInput, objectHead, type Predict } from "./predict.ts";
import { turnEventLoop } from "./turn_event_loop.ts";
import {
  type AxisWindow,
  planWindows,
  type WindowOptions,
} from "./window_plan.ts";

/** How an image is segmented. */
export interface SegmentImageOptions extends WindowOptions {
  /**
   * Windows that the network sees at once; by default as many as hold half a
   * million pixels, at least one.
   */
  readonly batchSize?: number;
  /**
   * Called after each batch.
   *
   * @param done Windows that are finished.
   * @param total Windows of the image.
   */
  readonly onProgress?: (done: number, total: number) => void;
  /** Ends the work between two batches. */
  readonly signal?: AbortSignal;
}

/** How the rows of an image are segmented. */
export interface SegmentBandsOptions extends SegmentImageOptions {
  /**
   * The values that the network sees as black and white, of the whole image;
   * one such range per channel where channels are separate.
   */
  readonly range: Intensities;
  /** What `fit()` of the network made of the whole image, where it has one. */
  readonly fitted?: FittedInput;
  /** The first row that is wanted, as when a work continues; 0 by default. */
  readonly from?: number;
}

/** Pixels that the network sees at once if no number of windows is asked for. */
const batchPixels = 2 ** 19;

/**
 * Segments an image of any size from the top to the bottom. One row of windows
 * and the rows that it sees are in memory, however high the image is.
 *
 * Starting at any row gives the same bits as a work that was not interrupted.
 *
 * @param source The image; the network sees it as `toRgb8` of `@unet/data`
 * gives it, or separate channels as `normalizeChannels` does.
 * @param predict The network.
 * @param options The range of values, how to cut the image, how much at once.
 * @returns Bands of rows, complete as they come.
 * @throws {ModelError} If a probability is not a number in 0…1, naming the tile.
 * @throws {RangeError} If a setting is out of its range, or `predict` returns
 * another number of values than the windows have pixels.
 * @throws The signal's reason, when it is aborted; and what `source` throws.
 *
 * @example
 * ```ts
 * import { pixelsOf, segmentBands } from "@unet/infer";
 * import { assertEquals } from "@std/assert";
 *
 * const data = new Uint8Array(300 * 600).fill(255);
 * const source = pixelsOf({ width: 300, height: 600, channels: 1, depth: 8, data });
 * const heights = [];
 * const bands = segmentBands(
 *   source,
 *   (x) => Promise.resolve(x.filter((_, index) => index % 3 === 0)),
 *   { range: { low: 0, high: 255 } },
 * );
 * for await (const band of bands) heights.push(band.height);
 * assertEquals(heights, [256, 256, 88]);
 * ```
 */
export async function* segmentBands(
  source: PixelSource,
  predict: Predict,
  options: SegmentBandsOptions,
): AsyncGenerator<Band, void, void> {
  const { range, fitted, from = 0, onProgress, signal } = options;
  const { width, height } = source;
  if (!(Number.isSafeInteger(from) && from >= 0 && from <= height)) {
    refuse("first row", from, `an integer in 0…${height}`);
  }
  signal?.throwIfAborted();
  const { columns, rows } = planWindows(width, height, options);
  const batches = batchColumns(columns, rows[0]!, options.batchSize);
  const total = columns.length * rows.length;
  const left = rows.filter(({ start, length }) => start + length > from);
  let done = total - left.length * columns.length;
  if (!fitted) requireInput(predict, range);
  const { heads = [objectHead], ahead = 0 } = predict;
  const channels = channelsOfHeads(heads);
  const pending = new PendingRows(width, heads, from);
  const asked = askAll(source, predict, {
    strip: new Strip(source, range, fitted),
    rows: left,
    batches,
    channels,
  });
  for await (const { values, batch, row, next } of aheadOf(asked, ahead)) {
    pending.reach(row.start + row.length);
    const said = await values;
    const size = said.length / batch.length;
    batch.forEach((column, place) => {
      const window = said.subarray(place * size, (place + 1) * size);
      const wrong = pending.add(window, column, row);
      if (wrong !== undefined) throw notProbable(wrong, column, row);
    });
    done += batch.length;
    onProgress?.(done, total);
    await turnEventLoop();
    signal?.throwIfAborted();
    if (next !== undefined) yield* pending.take(next);
  }
}

/** Windows that the network was given, side by side. */
interface Asked {
  /** What it says of them. */
  readonly values: Promise<Float32Array>;
  readonly batch: readonly AxisWindow[];
  readonly row: AxisWindow;
  /**
   * Where they complete a row of windows: the first row of the image that the
   * next ones decide.
   */
  readonly next?: number;
}

/** Gives the network all windows, from the top, each when it is asked for. */
async function* askAll(
  source: PixelSource,
  predict: Predict,
  { strip, rows, batches, channels }: {
    readonly strip: Strip;
    readonly rows: readonly AxisWindow[];
    readonly batches: readonly AxisWindow[][];
    readonly channels: number;
  },
): AsyncGenerator<Asked, void, void> {
  const seen = strip.channels;
  let x = new Float32Array(0);
  for (const [index, row] of rows.entries()) {
    await strip.moveTo(row.sources);
    for (const batch of batches) {
      const side = batch[0]!.sources.length;
      const pixels = side * row.sources.length;
      const length = batch.length * pixels * seen;
      if (x.length < length) x = new Float32Array(length);
      batch.forEach((column, place) =>
        strip.cut(column, row, x.subarray(place * pixels * seen))
      );
      const values = predictBatch(
        predict,
        x.subarray(0, length),
        [batch.length, row.sources.length, side],
        channels,
      );
      // Whoever waits for it hears of a failure, which may be later.
      values.catch(() => {});
      const isLast = batch === batches.at(-1);
      const next = rows[index + 1]?.start ?? source.height;
      yield { values, batch, row, ...(isLast && { next }) };
    }
  }
}

/** Has so many items more made before one is used. */
async function* aheadOf<Item>(
  items: AsyncIterable<Item>,
  count: number,
): AsyncGenerator<Item, void, void> {
  const made: Item[] = [];
  for await (const item of items) {
    made.push(item);
    if (made.length > count) yield made.shift()!;
  }
  yield* made;
}

/** Refuses separate channels for a network of color, and the other way round. */
function requireInput({ input }: Predict, range: Intensities): void {
  const taken = input && hasChosenChannels(input)
    ? input.channels.length
    : undefined;
  const found = isPerChannel(range) ? range.length : undefined;
  if (found === taken) return;
  const inWords = (channels: number | undefined): string =>
    channels === undefined ? "color" : count(channels, "separate channel");
  throw new RangeError(
    `Cannot segment image: found ${inWords(found)}, expected ${
      inWords(taken)
    }, which the network takes`,
  );
}

/** Windows of one width, side by side, as many as the network sees at once. */
function batchColumns(
  columns: readonly AxisWindow[],
  row: AxisWindow,
  batchSize: number | undefined,
): AxisWindow[][] {
  if (batchSize !== undefined) {
    if (!(Number.isSafeInteger(batchSize) && batchSize >= 1)) {
      refuse("batchSize", batchSize, "an integer of at least 1");
    }
  }
  const batches: AxisWindow[][] = [];
  for (const column of columns) {
    const side = column.sources.length, batch = batches.at(-1);
    const most = batchSize ??
      Math.max(1, Math.floor(batchPixels / (side * row.sources.length)));
    const fits = batch && batch.length < most &&
      batch[0]!.sources.length === side;
    if (fits) batch.push(column);
    else batches.push([column]);
  }
  return batches;
}

async function predictBatch(
  predict: Predict,
  x: Float32Array,
  shape: [number, number, number],
  channels: number,
): Promise<Float32Array> {
  const [count, height, width] = shape;
  const expected = count * height * width * channels;
  const values = await predict(x, shape);
  if (values.length === expected) return values;
  throw new RangeError(
    `Cannot use prediction: found ${values.length} values, expected ${expected} for ${count} windows of ${width}×${height}`,
  );
}

function refuse(name: string, value: number, expected: string): never {
  throw new RangeError(
    `Cannot segment image: found ${name} ${value}, expected ${expected}`,
  );
}

function notProbable(
  value: number,
  column: AxisWindow,
  row: AxisWindow,
): ModelError {
  const tile = `${column.length}×${row.length} at ${column.start},${row.start}`;
  return new ModelError(
    cannot("segment", "tile", tile, {
      found: `the probability ${value}`,
      expected: "a number in 0…1",
      remedy: "the model's weights or the device's numbers are broken",
    }),
  );
}
