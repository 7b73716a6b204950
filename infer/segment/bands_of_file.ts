import { holdBands } from "./hold_bands.ts";
import type { Source } from "./open_source.ts";
import { untilAborted } from "./until_aborted.ts";
import type { Band } from "../windows/band.ts";
import { BandStore } from "../windows/band_store.ts";
import { frameBands } from "../windows/frame_bands.ts";
import { objectHead, type Predict } from "../windows/predict.ts";
import { scaleBands } from "../windows/scale_bands.ts";
import {
  segmentBands,
  type SegmentImageOptions,
} from "../windows/segment_bands.ts";

/** Where bands are kept, so that a killed work continues. */
export interface KeptBands {
  /** The folder. */
  readonly folder: string;
  /** Names image, network and settings. */
  readonly work: string;
  /** Whether bands that are there are used; else they are removed. */
  readonly resume: boolean;
}

/**
 * Segments an open file: bands of the whole image, those of a part or of a
 * rescaled image put back.
 */
export async function* bandsOfFile(
  source: Source,
  predict: Predict,
  options: SegmentImageOptions,
  kept: KeptBands | undefined,
): AsyncGenerator<Band, void, void> {
  const { seen, part, image } = source;
  const segmented = kept
    ? keptBands(source, predict, options, kept)
    : source.bands
    ? knownBands(source.bands, options)
    : segmentBands(seen, predict, { ...options, ...valuesOf(source) });
  const { width, height } = image, { heads = [objectHead] } = predict;
  const scaled = scaleBands(segmented, seen, part);
  const framed = frameBands(scaled, part, { width, height, heads });
  yield* untilAborted(framed, options.signal);
}

/** Passes on what was predicted before, as one batch. */
async function* knownBands(
  bands: readonly Band[],
  { onProgress }: SegmentImageOptions,
): AsyncGenerator<Band, void, void> {
  onProgress?.(1, 1);
  yield* bands;
}

/** How the network sees an image's values. */
function valuesOf({ range, fitted }: Source) {
  return { range, ...(fitted && { fitted }) };
}

async function* keptBands(
  source: Source,
  predict: Predict,
  options: SegmentImageOptions,
  { folder, work, resume }: KeptBands,
): AsyncGenerator<Band, void, void> {
  const { seen } = source,
    { width, height } = seen,
    key = { width, height, work };
  const store = await BandStore.open(folder, key);
  if (!resume) await store.remove();
  using stack = new DisposableStack();
  const from = store.rows;
  if (from > 0) stack.use(await holdBands(folder));
  yield* store.bands();
  const rest = segmentBands(seen, predict, {
    ...{ ...options, ...valuesOf(source), from },
  });
  for await (const band of rest) {
    const isFirst = store.rows === 0;
    await store.add(band);
    // Its folder is there from now on.
    if (isFirst) stack.use(await holdBands(folder));
    yield band;
  }
}
