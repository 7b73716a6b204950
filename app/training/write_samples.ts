import { type DataLoader, encodePng } from "@unet/data";
import { writeFile } from "@unet/files";
import type { Model } from "@unet/model";
import { drawSample, predictBatch, type RunFolder } from "@unet/train";

/** How many validation tiles a run shows. */
const sampleCount = 8;

/**
 * Draws what the network makes of some validation tiles, spread over all of
 * them, into the run's `samples/`.
 *
 * @param run The run folder.
 * @param model The network.
 * @param loader The validation tiles.
 */
export async function writeSamples(
  run: RunFolder,
  model: Model,
  loader: DataLoader,
): Promise<void> {
  if (!model.task.heads.some(({ name }) => name === "object")) return;
  const count = Math.min(sampleCount, loader.tiles);
  const wanted = Array.from(
    { length: count },
    (_, index) => Math.floor(index * loader.tiles / count),
  );
  let start = 0;
  for await (const batch of loader.batches(0)) {
    const [tiles, height, width] = batch.shape;
    const inBatch = wanted.filter((tile) =>
      tile >= start && tile < start + tiles
    );
    const logits = inBatch.length > 0 ? await predictBatch(model, batch) : null;
    const area = height * width;
    for (const tile of inBatch) {
      const at = tile - start;
      const image = drawSample({
        width,
        height,
        x: batch.x.subarray(at * area * 3, (at + 1) * area * 3),
        y: batch.targets.object!.subarray(at * area, (at + 1) * area),
        logits: logits!.subarray(at * area, (at + 1) * area),
      });
      const number = String(wanted.indexOf(tile) + 1).padStart(2, "0");
      await writeFile(
        run.samplePath(`${number}.png`),
        await encodePng(image),
        "sample",
      );
    }
    start += tiles;
  }
}
