/**
 * What PyTorch, safetensors, onnx' checker and ONNX Runtime made of our
 * exports, as `check_exports.py` and `check_onnx_exports.py` stored it, against
 * our own numbers.
 */
import { channelsOfHeads, objectTask } from "@unet/task";
import "@tensorflow/tfjs-backend-cpu";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import type { Image } from "@unet/data";
import { createModel, type Model } from "@unet/model";
import { createRandom } from "@unet/random";
import { fill, noise } from "./_formula.ts";
import { ownOutput } from "./_own_output.ts";
import stored from "./fixtures/exports.json" with { type: "json" };
import exported from "./fixtures/onnx_exports.json" with { type: "json" };

await tf.setBackend("cpu");

const [count, channels, height, width] = stored.shape as [
  number,
  number,
  number,
  number,
];

function filled(plan: Parameters<typeof createModel>[0]): Model {
  const model = createModel(plan, createRandom(0));
  fill(model);
  return model;
}

/** Our logits of the script's images, one in 64. */
function ourLogits(): number[] {
  const model = filled({ width: 1 / 32 });
  const planes = Float32Array.from(
    noise(count * channels * height * width, 1001),
    (value) => Math.floor((value * 0.5 + 0.5) * 255) / 255,
  );
  const logits = tf.tidy(() => {
    const x = tf.transpose(
      tf.tensor4d(planes, [count, channels, height, width]),
      [0, 2, 3, 1],
    );
    return model.forward(x as tf.Tensor4D, { training: false }).dataSync();
  });
  model.dispose();
  return [...logits.filter((_, at) => at % 64 === 0)];
}

function assertClose(actual: number[], tolerance: number): void {
  const expected = ourLogits();
  const largest = Math.max(1, ...expected.map(Math.abs));
  assertEquals(actual.length, expected.length);
  expected.forEach((value, at) =>
    assertAlmostEquals(actual[at]!, value, tolerance * largest)
  );
}

for (
  const [name, tolerance] of [
    ["all.pth", 1e-4],
    ["all_half.pth", 1e-2],
    ["all.safetensors", 1e-4],
    ["all_half.safetensors", 1e-2],
    ["all_bf16.pth", 5e-2],
    ["all_bf16.safetensors", 5e-2],
  ] as const
) {
  Deno.test(`PyTorch reads ${name} without a missing or surplus tensor, and computes our logits`, () => {
    const { missing, surplus, dtypes, logits } = stored[name];
    assertEquals([missing, surplus], [[], []]);
    assertEquals(dtypes, [
      name.includes("half")
        ? "torch.float16"
        : name.includes("bf16")
        ? "torch.bfloat16"
        : "torch.float32",
    ]);
    assertClose(logits, tolerance);
  });
}

Deno.test("torchvision's vgg16_bn takes encoder.pth but for its classifier", () => {
  const { missing, surplus, sum } = stored["encoder.pth"];
  assertEquals([missing, surplus], [["classifier"], []]);
  const model = filled({ decoderChannels: [1, 1, 1, 1, 1] });
  let expected = 0;
  for (const name of model.trainable) {
    if (!name.startsWith("encoder.")) continue;
    for (const value of model.weights.get(name)!.dataSync()) {
      expected += Math.abs(value);
    }
  }
  assertAlmostEquals(sum, expected, 1e-9 * expected);
  model.dispose();
});

Deno.test("onnx' checker passes our exports, and ONNX Runtime computes our logits at a size that the network does not take", () => {
  const [count, , height, width] = exported.shape as [
    number,
    number,
    number,
    number,
  ];
  const values = noise(count * 3 * height * width, 1001);
  const area = height * width;
  const images = Array.from({ length: count }, (_, index): Image => ({
    width,
    height,
    channels: 3,
    depth: 8,
    data: Uint8Array.from({ length: 3 * area }, (_, at) => {
      const plane = 3 * index + at % 3;
      return (values[plane * area + Math.floor(at / 3)]! * 0.5 + 0.5) * 255;
    }),
  }));
  for (
    const [name, plan, tolerance] of [
      ["folded.onnx", {}, 1e-4],
      ["kept.onnx", {}, 1e-4],
      ["half.onnx", {}, 1e-2],
      ["borders.onnx", { task: objectTask({ borderWeight: 0.1 }) }, 1e-4],
      ["paper.onnx", { network: "unet" }, 1e-4],
    ] as const
  ) {
    const { opset, operators, metadata, logits, shapes } = exported[name];
    assertEquals(opset, 17);
    assertEquals(
      operators.includes("BatchNormalization"),
      name === "kept.onnx",
    );
    assertEquals(metadata, [
      ...["card", "input", "intensities", "normalization", "outputs"],
      ...["plan", "sizes"],
    ]);
    const model = filled({ width: 1 / 32, ...plan });
    const outputs = channelsOfHeads(model.task.heads);
    // The Paper's network has a logit of the background too.
    const isPair = name === "paper.onnx";
    const channels = isPair ? outputs + 1 : outputs;
    assertEquals(shapes, [
      [count, channels, height, width],
      ...Array(outputs).fill([count, 1, height, width]),
    ]);
    // A pair of logits is one of ours, their difference, which is not stored.
    const ours = isPair ? undefined : ownOutput(model, images).logits;
    model.dispose();
    if (ours === undefined) continue;
    const planes = Array.from({ length: count * channels * area }, (_, at) => {
      const [image, rest] = [Math.floor(at / (channels * area)), at % area];
      const channel = Math.floor(at / area) % channels;
      return ours[(image * area + rest) * channels + channel]!;
    }).filter((_, at) => at % 64 === 0);
    const largest = Math.max(1, ...planes.map(Math.abs));
    assertEquals(logits.length, planes.length);
    planes.forEach((value, at) =>
      assertAlmostEquals(logits[at]!, value, tolerance * largest)
    );
  }
});
