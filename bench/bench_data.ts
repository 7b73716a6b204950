import {
  type Batch,
  type CachedCase,
  cacheSamples,
  type DataLoader,
  type Image,
  type Sample,
  synthesize,
  toRgb8,
} from "@unet/data";
import type { Measurement } from "./measurement.ts";

/** Different images; a loader takes them over and over, augmented anew. */
const drawn = 8;

/** Batches that training is measured on. */
export interface TrainingData {
  /** Gives enough for all steps. */
  readonly loader: DataLoader;
  /** Ends the loader's worker and removes its files. */
  close(): Promise<void>;
}

/**
 * Draws images of nuclei and loads them as `unet train` does: augmented, by
 * one worker, ahead of the step. The fixed loader gives the first batch of
 * that over and over.
 *
 * @param measurement Batch, images, steps, and which loader.
 * @param createLoader Makes the live loader.
 */
export async function createTrainingData(
  { batch, size, steps, warmUp, loader }: Measurement,
  createLoader: (cases: readonly CachedCase[]) => DataLoader,
): Promise<TrainingData> {
  const folder = await Deno.makeTempDir({ prefix: "unet-bench-" });
  const cases = await cacheSamples(draw(drawn, size), { folder });
  const tiles = batch * (steps + warmUp);
  const live = createLoader(
    Array.from({ length: tiles }, (_, i) => cases[i % drawn]!),
  );
  return {
    loader: loader === "live" ? live : await repeatFirst(live),
    async close() {
      live.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/**
 * Draws the image that inference is measured on: as many windows of the network
 * side by side as a batch has images.
 */
export function drawWindows(
  { batch, size }: Pick<Measurement, "batch" | "size">,
): Image {
  return placeSideBySide([...draw(Math.min(drawn, batch), size)], batch);
}

function draw(count: number, size: number): Generator<Sample> {
  return synthesize({ count, width: size, height: size, seed: 0 });
}

async function repeatFirst(live: DataLoader): Promise<DataLoader> {
  let first: Batch | undefined;
  for await (const batch of live.batches(0)) {
    first = batch;
    break;
  }
  return {
    length: live.length,
    tiles: live.tiles,
    async *batches() {
      for (let i = 0; i < live.length; i++) yield await Promise.resolve(first!);
    },
    close() {},
  };
}

function placeSideBySide(samples: readonly Sample[], count: number): Image {
  const images = samples.map(({ image }) => toRgb8(image));
  const { width: side } = images[0]!;
  const width = side * count, row = 3 * side;
  const data = new Uint8Array(3 * width * side);
  for (let i = 0; i < count; i++) {
    const from = images[i % images.length]!.data as Uint8Array;
    for (let y = 0; y < side; y++) {
      data.set(
        from.subarray(y * row, (y + 1) * row),
        3 * (y * width + i * side),
      );
    }
  }
  return { width, height: side, channels: 3, depth: 8, data };
}
