import { cannot, UsageError } from "@unet/errors";
import type { WindowOptions } from "@unet/infer";
import type { Model } from "@unet/model";
import { machineMemory } from "./machine_memory.ts";
import type { WindowSettings } from "../settings/predict_settings.ts";

/** What the Paper's network decides of the 572 pixels that it sees. */
const paperTile = 388;

/** Context around what a window decides. */
const margin = 32;

/** Sides of windows, of which the largest that fits into memory is taken. */
const sides = [1024, 512, 320];

/** What a graphics adapter has at least; it does not say how much. */
const adapterMemory = 4 * 2 ** 30;

/** The share of the machine's memory that a window's features may take. */
const memoryShare = 1 / 4;

/** Features of one window that are in memory at once, in those of its top. */
const featuresHeld = 10;

/**
 * The windows that a network and a machine need, and those that a person asks
 * for.
 *
 * The default depends on the machine's memory and on nothing that changes, so
 * that the same command gives the same result.
 *
 * @param model The network.
 * @param device The name of what computes.
 * @param settings The user's settings; the rest has defaults.
 * @throws {UsageError} If settings contradict each other or the network.
 */
export function windowOf(
  model: Model,
  device: string,
  settings: Partial<WindowSettings> = {},
): WindowOptions {
  const { context = "neighbors", overlap = 0, blend = "gaussian" } = settings;
  const blended = overlap > 0 ? { overlap, blend } : {};
  const window = settings.window ?? undefined;
  if (context === "reflect") {
    if (overlap > 0) {
      throw refuse("overlap", overlap, "none with `context reflect`");
    }
    if (window !== undefined) {
      throw refuse(
        "window",
        window,
        "none with `context reflect`, whose tiles are 128 pixels",
      );
    }
  }
  if (model.margin > 0) {
    if (window !== undefined) {
      throw refuse("window", window, "none for a network without padding");
    }
    return { context, tile: paperTile, margin: model.margin, ...blended };
  }
  if (context === "reflect") return { context };
  const multiple = model.sizeMultiple;
  const side = window ?? defaultSide(model, device);
  if (side % multiple !== 0) {
    throw refuse("window", side, `a multiple of ${multiple}`);
  }
  const tile = side - 2 * margin;
  if (tile < 1) throw refuse("window", side, `more than ${2 * margin}`);
  return { context, tile, margin, multiple, ...blended };
}

function defaultSide(model: Model, device: string): number {
  const total = device === "webgpu" ? adapterMemory : machineMemory();
  const channels = topChannels(model), bytes = 4;
  return sides.find((side) =>
    side ** 2 * channels * bytes * featuresHeld <= total * memoryShare
  ) ?? sides.at(-1)!;
}

/** Channels of the features that are as large as the image. */
function topChannels(model: Model): number {
  const [first] = model.weights.values();
  return first!.shape.at(-1) ?? 64;
}

function refuse(name: string, found: number, expected: string): UsageError {
  return new UsageError(
    cannot("use", "setting", name, { found: String(found), expected }),
  );
}
