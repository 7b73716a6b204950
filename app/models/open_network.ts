import { type Device, openDevice } from "@unet/device/open-device";
import { type Predict, predictorOf } from "@unet/infer/predict";
import {
  buildSaved,
  keepHeads,
  loadFeatureLimits,
  type Model,
  type SavedModel,
} from "@unet/model";
import { instanceHeadsOf } from "@unet/task";
import type { InferenceSettings } from "../settings/predict_settings.ts";

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
 * Opens a device, and a trained network on it, without the heads that nothing
 * is made of: they would take time and memory.
 *
 * @param saved The network.
 * @param settings The device and its precision; `auto` and float32 by default.
 * @throws {UnetError} If one of them cannot be opened.
 */
export async function openNetwork(
  saved: SavedModel,
  { device: name = "auto", precision = "float32" }: Partial<InferenceSettings> =
    {},
): Promise<OpenNetwork> {
  const isInt8 = precision === "int8";
  // Looked for first: it takes no time to say that it is not there.
  const int8 = isInt8 ? await loadFeatureLimits(saved) : undefined;
  await using stack = new AsyncDisposableStack();
  // No other device multiplies eight bits.
  const device = await openDevice(isInt8 && name === "auto" ? "onednn" : name, {
    // What is not eight bits is as exact as can be.
    precision: isInt8 ? "float32" : precision,
  });
  stack.defer(() => device.close());
  const model = buildSaved(keepHeads(saved, usedHeads(saved)));
  stack.defer(() => model.dispose());
  const opened = stack.move();
  return {
    device,
    model,
    predict: predictorOf(model, int8 ? { int8 } : {}),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** The heads that results are made of. */
function usedHeads({ plan: { task } }: SavedModel): string[] {
  const others: readonly string[] = instanceHeadsOf(task);
  return task.heads.map(({ name }) => name)
    .filter((name) => !others.includes(name));
}
