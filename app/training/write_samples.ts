import { type DataLoader, drawChannels, encodePng } from "@unet/data";
import { writeFile } from "@unet/files";
import type { Model } from "@unet/model";
import { hasChosenChannels, type Input } from "@unet/task";
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
    const area = height * width, { input } = model.task;
    const values = area * input.channels.length;
    for (const tile of inBatch) {
      const at = tile - start;
      const image = drawSample({
        width,
        height,
        x: colorsOf(batch.x.subarray(at * values, (at + 1) * values), {
          ...{ width, height, input },
        }),
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

/** Red, green and blue of a tile, 0…1; of chosen channels, as they are drawn. */
function colorsOf(
  x: Float32Array,
  { width, height, input }: {
    readonly width: number;
    readonly height: number;
    readonly input: Input;
  },
): Float32Array {
  if (!hasChosenChannels(input)) return x;
  const channels = input.channels.length;
  const tile = { width, height, channels, depth: 32, data: x } as const;
  // Tiles are normalized by their whole image.
  const { data } = drawChannels(
    tile,
    input.channels.map(() => ({ low: 0, high: 1 })),
  );
  return Float32Array.from(data, (value) => value / 255);
}
