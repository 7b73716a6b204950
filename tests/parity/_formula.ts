/**
 * The formula that fills weights and inputs, here and in the Python scripts
 * beside, and what compares with the numbers that they stored.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import {
  floatValues,
  fromTorchLayout,
  type Model,
  type SafetensorsFile,
  toTorchLayout,
} from "@unet/model";

/** Values in -1…1 from a formula that any language repeats. */
export function noise(length: number, stream: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => {
    const raw = Math.sin(i * 12.9898 + stream * 78.233) * 43758.5453;
    return (raw - Math.floor(raw)) * 2 - 1;
  });
}

function streamOf(name: string): number {
  let sum = 0;
  for (let i = 0; i < name.length; i++) sum += (i + 1) * name.charCodeAt(i);
  return sum % 997;
}

/**
 * Gives every tensor the values that the Python script gave it. An `offset` is
 * what those of batch norm lie around.
 */
export function fill(model: Model, offset = 0): void {
  for (const [name, variable] of model.weights) {
    const shape = variable.shape.length === 4
      ? toTorchLayout({
        shape: variable.shape,
        values: new Float32Array(variable.size),
      }).shape
      : variable.shape;
    const isScale = name.endsWith(".weight") && shape.length === 1;
    const isOffset = name.endsWith(".bias") &&
      model.weights.has(name.replace(/bias$/, "running_mean"));
    const values = Float32Array.from(
      noise(variable.size, streamOf(name)),
      (value) => {
        if (shape.length === 4) {
          return value * Math.sqrt(6 / (variable.size / shape[0]!));
        }
        if (offset !== 0 && isOffset) return offset + 0.5 * value;
        return isScale || name.endsWith("running_var")
          ? 1 + 0.3 * value
          : value * 0.1;
      },
    );
    const ours = fromTorchLayout({ shape, values });
    tf.tidy(() => variable.assign(tf.tensor(ours.values, [...ours.shape])));
  }
}

/**
 * The largest relative error by tensors, each in the norm of the whole; the
 * norm has a floor, for gradients that are zero but for rounding.
 */
export function relativeError(
  actual: Float32Array,
  expected: Float32Array,
  floor = 0,
): number {
  let difference = 0, norm = 0;
  assertEquals(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++) {
    difference += (actual[i]! - expected[i]!) ** 2;
    norm += expected[i]! ** 2;
  }
  return Math.sqrt(difference) / Math.max(Math.sqrt(norm), floor);
}

/** A tensor of the stored ones. */
export function stored(file: SafetensorsFile, name: string): Float32Array {
  return floatValues(file.tensors.get(name)!);
}

/** A tensor's values in PyTorch's order. */
export async function values(tensor: tf.Tensor): Promise<Float32Array> {
  const data = await tensor.data() as Float32Array;
  return toTorchLayout({ shape: tensor.shape, values: data }).values;
}
