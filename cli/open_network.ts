import { type Device, openDevice } from "@unet/device";
import { type Predict, predictorOf } from "@unet/infer";
import {
  hashModel,
  loadFeatureLimits,
  loadModel,
  type Model,
} from "@unet/model";
import type { Flags } from "./flags.ts";
import { readSaved } from "./read_saved.ts";

/** A trained network, ready to predict. */
export interface OpenNetwork extends AsyncDisposable {
  /** What it computes on. */
  readonly device: Device;
  /** The network. */
  readonly model: Model;
  /** Predicts in the precision that was asked for. */
  readonly predict: Predict;
  /** Names weights and precision, for manifests. */
  readonly name: string;
  /** The pixel size in µm that it was trained for, where its card tells. */
  readonly pixelSize?: number;
}

/**
 * Opens the device and the network that the flags `--device`, `--precision`
 * and `--model` name.
 *
 * @param flags The flags.
 * @throws {UnetError} If one of them cannot be opened.
 */
export async function openNetwork(flags: Flags): Promise<OpenNetwork> {
  const path = flags.required("model");
  const precision = flags.text("precision");
  const isInt8 = precision === "int8";
  // Looked for first: it takes no time to say that it is not there.
  const int8 = isInt8 ? await loadFeatureLimits(path) : undefined;
  await using stack = new AsyncDisposableStack();
  const device = await openDevice(flags.text("device")!, {
    // What is not eight bits is as exact as can be.
    precision: isInt8 ? "float32" : precision as "float32" | "mixed",
  });
  stack.defer(() => device.close());
  const hash = await hashModel(path);
  const { pixelScale } = (await readSaved(path)).card;
  const model = await loadModel(path);
  stack.defer(() => model.dispose());
  const opened = stack.move();
  return {
    device,
    model,
    predict: predictorOf(model, int8 ? { int8 } : {}),
    name: precision === "float32" ? hash : `${hash} ${precision}`,
    ...(typeof pixelScale === "number" && { pixelSize: pixelScale }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
