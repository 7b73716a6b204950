/**
 * What PyTorch, safetensors, onnx' checker and ONNX Runtime made of our
 * exports, as `check_exports.py` stored it, against our own numbers.
 */
import "@tensorflow/tfjs-backend-cpu";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { createModel, type Model } from "@unet/model";
import { createRandom } from "@unet/random";
import { fill, noise } from "./_formula.ts";
import stored from "./fixtures/exports.json" with { type: "json" };

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

Deno.test("onnx' checker passes our exports, and ONNX Runtime computes our logits", () => {
  for (
    const [name, tolerance] of [
      ["folded.onnx", 1e-4],
      ["kept.onnx", 1e-4],
      ["half.onnx", 1e-2],
    ] as const
  ) {
    const { opset, operators, logits, shapes } = stored[name];
    assertEquals(opset, 17);
    assertEquals(
      operators.includes("BatchNormalization"),
      name === "kept.onnx",
    );
    assertEquals(shapes, [[2, 1, 64, 32], [2, 1, 64, 32]]);
    assertClose(logits, tolerance);
  }
  assertEquals(stored["paper.onnx"].shapes, [[1, 2, 4, 20], [1, 1, 4, 20]]);
});
