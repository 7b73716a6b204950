/**
 * Where a network computes that images are segmented with.
 *
 * @module
 */
import { rememberedDevice } from "@unet/device/remembered-device";
import type { NetworkChoices } from "./network_messages.ts";
import type { NetworkPlace } from "./network_place.ts";
import { NetworkThreads } from "./network_threads.ts";
import { openNetwork } from "./open_network.ts";
import { windowOf } from "./window_of.ts";

/**
 * A thread of its own for a network on a processor, which would hold the
 * caller's. A graphics adapter, and `auto` where it may have to ask for one,
 * stay in the caller's: some drivers crash with the thread that loaded them.
 *
 * @param choices The device that is wanted, and its precision.
 */
export async function placeOfNetwork(
  choices: Pick<NetworkChoices, "device" | "precision">,
  expectsBatch = false,
): Promise<NetworkPlace> {
  const device = await expectedDevice(choices);
  const isApart = device !== null && device !== "webgpu";
  return isApart ? new NetworkThreads({ expectsBatch }) : inCallersThread();
}

async function expectedDevice(
  { device = "auto", precision }: Pick<NetworkChoices, "device" | "precision">,
): Promise<string | null> {
  if (device !== "auto") return device;
  // As `openNetwork()` has it.
  if (precision === "int8") return "onednn";
  return await rememberedDevice(precision);
}

function inCallersThread(): NetworkPlace {
  const opened = new AsyncDisposableStack();
  return {
    async open(saved, choices) {
      const network = opened.use(await openNetwork(saved, choices));
      const { device, model, predict } = network;
      const window = windowOf(model, device.name, choices);
      return { device, window, predict };
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
