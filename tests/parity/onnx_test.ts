/**
 * ONNX exports, run by ONNX Runtime, against our own forward pass. `onnx`'
 * checker looks at the same files in `check_exports.py`.
 */
import "@tensorflow/tfjs-backend-cpu";
import { assert, assertEquals, assertLess } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import {
  createModel,
  type ModelPlan,
  type OnnxOptions,
  serializeOnnx,
  torchTensors,
} from "@unet/model";
import { createRandom } from "@unet/random";
import * as onnx from "onnxruntime-node";
import { fill } from "./_formula.ts";

await tf.setBackend("cpu");

const narrow: Readonly<Record<string, Partial<ModelPlan>>> = {
  "vgg16_bn": { width: 1 / 32 },
  "vgg16": { encoder: "vgg16", batchNorm: false, width: 1 / 32 },
  "vgg16 with borders": {
    encoder: "vgg16",
    batchNorm: false,
    width: 1 / 32,
    outputs: 2,
  },
  "unet with borders": { encoder: "unet", width: 1 / 32, outputs: 2 },
  "unet without padding": { encoder: "unet", width: 1 / 32 },
  "unet with padding and batch norm": {
    encoder: "unet",
    padding: "same",
    batchNorm: true,
    width: 1 / 32,
  },
};

/** Images of 0…255 by planes, as ONNX takes them, and by pixels in 0…1. */
function images(count: number, height: number, width: number) {
  const random = createRandom(5);
  const pixels = Float32Array.from(
    { length: count * height * width * 3 },
    () => Math.floor(256 * random.next()),
  );
  const area = height * width;
  const planes = pixels.map((_, at) => {
    const image = Math.floor(at / (3 * area)), rest = at % (3 * area);
    const channel = Math.floor(rest / area), pixel = rest % area;
    return pixels[(image * area + pixel) * 3 + channel]!;
  });
  return { planes, pixels: pixels.map((value) => value / 255) };
}

async function compare(
  plan: Partial<ModelPlan>,
  options: OnnxOptions,
  tolerance: number,
): Promise<void> {
  const model = createModel(plan, createRandom(0));
  fill(model);
  const pieces = serializeOnnx(model.plan, await torchTensors(model), options);
  const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
  const session = await onnx.InferenceSession.create(bytes);
  assertEquals([...session.inputNames], ["image"]);
  assertEquals([...session.outputNames], [
    ...["logits", "probability"],
    ...(model.outputs === 2 ? ["border_probability"] : []),
  ]);
  const sizes = model.margin > 0
    ? [[1, 188, 204], [2, 204, 188]] as const
    : [[1, 32, 64], [3, 64, 32]] as const;
  for (const [count, height, width] of sizes) {
    const { planes, pixels } = images(count, height, width);
    const { logits, ...probabilities } = await session.run({
      image: new onnx.Tensor("float32", planes, [count, 3, height, width]),
    });
    const [ours, sigmoid] = tf.tidy(() => {
      const x = tf.tensor4d(pixels, [count, height, width, 3]);
      const z = model.forward(x, { training: false });
      return [z.dataSync(), tf.sigmoid(z).dataSync()];
    });
    const [, channels, rows, columns] = logits!.dims;
    assertEquals(
      [rows, columns],
      [height - 2 * model.margin, width - 2 * model.margin],
    );
    const area = rows! * columns!;
    const theirs = logits!.data as Float32Array;
    const largest = Math.max(1, ...ours.map(Math.abs));
    const isPair = model.plan.encoder === "unet";
    ours.forEach((value, at) => {
      const output = at % model.outputs, place = (at - output) / model.outputs;
      const image = Math.floor(place / area), pixel = place % area;
      const of = (channel: number): number =>
        theirs[(image * channels! + channel) * area + pixel]!;
      const found = output === 1
        ? of(channels! - 1)
        : isPair
        ? of(1) - of(0)
        : of(0);
      assertLess(Math.abs(found - value), tolerance * largest);
      const probability = probabilities[
        output === 0 ? "probability" : "border_probability"
      ]!;
      assertLess(
        Math.abs((probability.data[place] as number) - sigmoid![at]!),
        tolerance * largest,
      );
    });
  }
  await session.release();
  model.dispose();
}

for (const [name, plan] of Object.entries(narrow)) {
  for (const fold of [true, false]) {
    Deno.test(`serializeOnnx() of ${name}${fold ? ", folded" : ""}, gives ONNX Runtime our logits`, () =>
      compare(plan, { fold }, 1e-4));
  }
  Deno.test(`serializeOnnx() of ${name} as float16 gives our logits to a hundredth`, () =>
    compare(plan, { half: true }, 1e-2));
}

Deno.test("serializeOnnx() writes half the bytes as float16", async () => {
  const model = createModel({ width: 1 / 8 }, createRandom(0));
  const tensors = await torchTensors(model);
  const size = (options: OnnxOptions): number =>
    new Blob(serializeOnnx(model.plan, tensors, options)).size;
  assert(size({ half: true }) < 0.51 * size({}));
  assert(size({ fold: true }) < size({ fold: false }));
  model.dispose();
});
