import { type DataLoader, encodePng } from "@unet/data";
import { writeFile } from "@unet/files";
import type { Model } from "@unet/model";
import { drawSample, predictBatch, type RunFolder } from "@unet/train";

/** How many validation tiles a run shows. */
const sampleCount = 8;

/**
 * Draws what the network makes of the first validation tiles into the run's
 * `samples/`.
 */
export async function writeSamples(
  run: RunFolder,
  model: Model,
  loader: DataLoader,
): Promise<void> {
  let drawn = 0;
  for await (const batch of loader.batches(0)) {
    const [count, height, width] = batch.shape;
    const logits = await predictBatch(model, batch);
    const area = height * width;
    for (let i = 0; i < count && drawn < sampleCount; i++, drawn++) {
      const image = drawSample({
        width,
        height,
        x: batch.x.subarray(i * area * 3, (i + 1) * area * 3),
        y: batch.y.subarray(i * area, (i + 1) * area),
        logits: logits.subarray(i * area, (i + 1) * area),
      });
      const name = `${String(drawn + 1).padStart(2, "0")}.png`;
      await writeFile(run.samplePath(name), await encodePng(image), "sample");
    }
    if (drawn >= sampleCount) break;
  }
}
