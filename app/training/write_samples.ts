import { type DataLoader, encodePng } from "@unet/data";
import { writeFile } from "@unet/files";
import type { Model } from "@unet/model";
import { predictBatch, type RunFolder } from "@unet/train";
import { drawerOf } from "./draw_tile.ts";

/** A sample as it was written. */
export interface Sample {
  /** Its name in the run's `samples/`, without its ending. */
  readonly name: string;
  /** The image as a PNG file. */
  readonly png: Uint8Array;
}

/** How many validation tiles a run shows. */
const sampleCount = 8;

/**
 * Draws what the network makes of some validation tiles, spread over all of
 * them, into the run's `samples/`.
 *
 * @param run The run folder.
 * @param model The network.
 * @param loader The validation tiles.
 * @returns What was written.
 */
export async function writeSamples(
  run: RunFolder,
  model: Model,
  loader: DataLoader,
): Promise<Sample[]> {
  const draw = drawerOf(model.task), samples: Sample[] = [];
  if (draw === undefined) return samples;
  const count = Math.min(sampleCount, loader.tiles);
  const wanted = Array.from(
    { length: count },
    (_, index) => Math.floor(index * loader.tiles / count),
  );
  let start = 0;
  for await (const batch of loader.batches(0)) {
    const [tiles] = batch.shape;
    const inBatch = wanted.filter((tile) =>
      tile >= start && tile < start + tiles
    );
    const logits = inBatch.length > 0 ? await predictBatch(model, batch) : null;
    for (const tile of inBatch) {
      const image = draw({ batch, logits: logits!, at: tile - start });
      const name = String(wanted.indexOf(tile) + 1).padStart(2, "0");
      const png = await encodePng(image);
      await writeFile(run.samplePath(`${name}.png`), png, "sample");
      samples.push({ name, png });
    }
    start += tiles;
  }
  return samples;
}
