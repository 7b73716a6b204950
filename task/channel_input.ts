import type { Input } from "./task.ts";

/**
 * The input of chosen channels, each normalized by its own percentiles.
 *
 * @param channels The channels, in the order of the network's input: names as
 * they stand in image files, or numbers from 0.
 * @returns The input; a channel that is chosen by its number is called
 * "channel 0" and so on, as files without names have it.
 *
 * @example
 * ```ts
 * import { channelInput } from "@unet/task";
 * import { assertEquals } from "@std/assert";
 *
 * const { channels } = channelInput(["DAPI", 2]);
 * assertEquals(channels.map(({ name }) => name), ["DAPI", "channel 2"]);
 * ```
 */
export function channelInput(channels: readonly (number | string)[]): Input {
  return {
    channels: channels.map((one) => ({
      name: typeof one === "number" ? `channel ${one}` : one,
    })),
    normalization: "percentiles",
  };
}

/**
 * Whether an input is chosen channels, and not color.
 *
 * @param input The input.
 * @returns Whether each channel is normalized on its own.
 *
 * @example
 * ```ts
 * import { channelInput, hasChosenChannels, objectTask } from "@unet/task";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(hasChosenChannels(channelInput(["DAPI"])), true);
 * assertEquals(hasChosenChannels(objectTask().input), false);
 * ```
 */
export function hasChosenChannels(
  { normalization }: Pick<Input, "normalization">,
): boolean {
  return normalization === "percentiles";
}
