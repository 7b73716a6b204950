import { channelShares, rangeBetween } from "./channel_values.ts";
import type { ImageReader } from "./image_reader.ts";
import { windowsOf } from "./image_windows.ts";
import { FloatCounts, IntegerCounts } from "./percentiles.ts";
import type { IntensityRange } from "./rgb8.ts";

/**
 * Finds the range of values of each channel of an image that is not in memory:
 * exactly what `channelRanges()` gives for the whole. The image is walked
 * through once, floats twice.
 *
 * @param reader The image.
 * @returns A range per channel.
 * @throws {FileError} If a part of the file is damaged.
 *
 * @example
 * ```ts
 * import { channelRangesOf, encodePng, openImage } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".png" });
 * const data = new Uint8Array([100, 0, 7, 200, 0, 9]);
 * const image = { width: 2, height: 1, channels: 3, depth: 8, data } as const;
 * await Deno.writeFile(path, await encodePng(image));
 * {
 *   await using reader = await openImage(path, { channels: ["blue", "red"] });
 *   assertEquals(await channelRangesOf(reader), [
 *     { low: 7, high: 9 },
 *     { low: 100, high: 200 },
 *   ]);
 * }
 * await Deno.remove(path);
 * ```
 */
export async function channelRangesOf(
  reader: ImageReader,
): Promise<IntensityRange[]> {
  const { depth } = reader, channels = [...Array(reader.channels).keys()];
  if (depth !== 32) {
    const counts = channels.map(() => new IntegerCounts(depth));
    for await (const window of windowsOf(reader)) {
      for (const channel of channels) counts[channel]!.add(window, channel);
    }
    return counts.map((each) => rangeBetween(each.find(channelShares)));
  }
  const upper = channels.map(() => new FloatCounts());
  for await (const window of windowsOf(reader)) {
    for (const channel of channels) upper[channel]!.add(window, channel);
  }
  const lower = upper.map((each) => each.refine(channelShares));
  for await (const window of windowsOf(reader)) {
    for (const channel of channels) lower[channel]!.add(window, channel);
  }
  return lower.map((each) => rangeBetween(each.find()));
}
