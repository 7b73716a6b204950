/**
 * The network against PyTorch on every device there is: forward, loss,
 * gradients, running statistics and one step of SGD, on outputs that
 * `make_unet_fixtures.py` stored.
 */
import { assertEquals, assertLess } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { devices } from "@unet/device";
import {
  createModel,
  floatValues,
  fromTorchLayout,
  type Model,
  parseSafetensors,
  type SafetensorsFile,
  toTorchLayout,
} from "@unet/model";
import { createRandom } from "@unet/random";
import { bceWithLogits, sgd } from "@unet/train";
import { tryDevice } from "../try_device.ts";

/**
 * Devices add up in their own orders. Where a sum lies that near to 0, ReLU
 * cuts it on one of them alone, and a gradient of few channels shows it.
 */
const tolerance = 1e-3;
const count = 2, height = 64, width = 96;

function noise(length: number, stream: number): Float64Array {
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

/** Gives every tensor the values that the Python script gave it. */
function fill(model: Model): void {
  for (const [name, variable] of model.weights) {
    const shape = variable.shape.length === 4
      ? toTorchLayout({
        shape: variable.shape,
        values: new Float32Array(variable.size),
      }).shape
      : variable.shape;
    const isScale = name.endsWith(".weight") && shape.length === 1;
    const values = Float32Array.from(
      noise(variable.size, streamOf(name)),
      (value) => {
        if (shape.length === 4) {
          return value * Math.sqrt(6 / (variable.size / shape[0]!));
        }
        return isScale || name.endsWith("running_var")
          ? 1 + 0.3 * value
          : value * 0.1;
      },
    );
    const ours = fromTorchLayout({ shape, values });
    tf.tidy(() => variable.assign(tf.tensor(ours.values, [...ours.shape])));
  }
}

/** The inputs of the Python script, from `[N, C, H, W]` to `[N, H, W, C]`. */
function inputs(): { x: tf.Tensor4D; y: tf.Tensor4D } {
  const size = count * 3 * height * width;
  const planes = Float32Array.from(noise(size, 1001), (v) => v * 0.5 + 0.5);
  const x = tf.tidy(() =>
    tf.transpose(
      tf.tensor4d(planes, [count, 3, height, width]),
      [0, 2, 3, 1],
    )
  );
  const y = tf.tensor4d(
    Float32Array.from(noise(size / 3, 1002), (v) => v > 0.3 ? 1 : 0),
    [count, height, width, 1],
  );
  return { x, y };
}

/**
 * The largest relative error by tensors, each in the norm of the whole; the
 * norm has a floor, for gradients that are zero but for rounding.
 */
function relativeError(
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

function stored(file: SafetensorsFile, name: string): Float32Array {
  return floatValues(file.tensors.get(name)!);
}

async function values(tensor: tf.Tensor): Promise<Float32Array> {
  const data = await tensor.data() as Float32Array;
  return toTorchLayout({ shape: tensor.shape, values: data }).values;
}

for (const name of devices) {
  const device = await tryDevice(name);
  if (typeof device === "string") {
    Deno.test({
      name: `${name} is as PyTorch, but is skipped: ${device}`,
      ignore: true,
      fn() {},
    });
    continue;
  }
  for (const encoder of ["vgg16_bn", "vgg16"] as const) {
    testEncoder(name, encoder);
  }
}

function testEncoder(device: string, encoder: "vgg16_bn" | "vgg16"): void {
  Deno.test(`createModel() with ${encoder} trains on ${device} as in PyTorch`, async (t) => {
    await tf.setBackend(device);
    const batchNorm = encoder === "vgg16_bn";
    const bytes = await Deno.readFile(
      new URL(`./fixtures/${encoder}.safetensors`, import.meta.url),
    );
    const file = parseSafetensors(bytes, encoder);
    const model = createModel(
      { encoder, batchNorm, width: 1 / 32 },
      createRandom(0),
    );
    fill(model);
    const { x, y } = inputs();
    let logits: tf.Tensor4D | undefined;
    const { value, grads } = tf.variableGrads(
      () => {
        logits = tf.keep(model.forward(x, { training: true }));
        return bceWithLogits(logits, y);
      },
      model.trainable.map((name) => model.weights.get(name)!),
    );
    const gradients = new Map(model.trainable.map((name) => [
      name,
      grads[model.weights.get(name)!.name]!,
    ]));

    await t.step("logits and loss", async () => {
      assertLess(
        relativeError(
          await logits!.data() as Float32Array,
          stored(file, "logits"),
        ),
        tolerance,
      );
      assertLess(
        relativeError(await values(value), stored(file, "loss")),
        1e-5,
      );
    });

    await t.step("every gradient", async () => {
      const names = [...file.tensors.keys()]
        .filter((name) => name.startsWith("gradient/"))
        .map((name) => name.slice("gradient/".length));
      assertEquals(names.toSorted(), [...model.trainable].sort());
      for (const name of names) {
        const error = relativeError(
          await values(gradients.get(name)!),
          stored(file, `gradient/${name}`),
          1e-4,
        );
        assertLess(error, tolerance, `${name}: relative error ${error}`);
      }
    });

    await t.step("weights and statistics after a step of SGD", async () => {
      const optimizer = sgd({ momentum: 0.9, weightDecay: 1e-3 });
      optimizer.step(model.weights, gradients, { learningRate: 0.05 });
      optimizer.dispose();
      for (const [name, variable] of model.weights) {
        const error = relativeError(
          await values(variable),
          stored(file, `updated/${name}`),
        );
        assertLess(error, tolerance, `${name}: relative error ${error}`);
      }
    });

    await t.step("logits in evaluation mode", async () => {
      const evaluated = model.forward(x, { training: false });
      assertLess(
        relativeError(
          await evaluated.data() as Float32Array,
          stored(file, "evaluated"),
        ),
        tolerance,
      );
    });
    model.dispose();
  });
}
