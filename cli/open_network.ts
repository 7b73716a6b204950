import { type Device, openDevice } from "@unet/device";
import { type Predict, predictorOf } from "@unet/infer";
import {
  buildSaved,
  loadFeatureLimits,
  type Model,
  type SavedModel,
} from "@unet/model";
import type { Flags } from "./flags.ts";

/** A trained network, ready to predict. */
export interface OpenNetwork extends AsyncDisposable {
  /** What it computes on. */
  readonly device: Device;
  /** The network. */
  readonly model: Model;
  /** Predicts in the precision that was asked for. */
  readonly predict: Predict;
}

/**
 * Opens the device that the flags `--device` and `--precision` name, and a
 * network on it.
 *
 * @param flags The flags.
 * @param saved The network.
 * @throws {UnetError} If one of them cannot be opened.
 */
export async function openNetwork(
  flags: Flags,
  saved: SavedModel,
): Promise<OpenNetwork> {
  const precision = flags.text("precision");
  const isInt8 = precision === "int8";
  // Looked for first: it takes no time to say that it is not there.
  const int8 = isInt8 ? await loadFeatureLimits(saved) : undefined;
  await using stack = new AsyncDisposableStack();
  const device = await openDevice(flags.text("device")!, {
    // What is not eight bits is as exact as can be.
    precision: isInt8 ? "float32" : precision as "float32" | "mixed",
  });
  stack.defer(() => device.close());
  const model = buildSaved(saved);
  stack.defer(() => model.dispose());
  const opened = stack.move();
  return {
    device,
    model,
    predict: predictorOf(model, int8 ? { int8 } : {}),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
