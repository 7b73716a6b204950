import { colorPercentilesInput, objectTask } from "@unet/task";
import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { describeOnnx } from "./describe_onnx.ts";
import { graphOf } from "../networks/graph_of.ts";
import { onnxSizes } from "./onnx_options.ts";
import { completePlan, type ModelPlan } from "../plan.ts";
import type { FloatTensor } from "../files/safetensors.ts";
import { message } from "./protobuf.ts";
import { serializeOnnx } from "./serialize_onnx.ts";
import { torchShape } from "../files/torch_layout.ts";
import { weightShapes } from "../graph/weight_shapes.ts";

Deno.test("message() encodes fields as protocol buffers do", async () => {
  // The examples of the format's own description.
  const cases: [Parameters<typeof message>[0], number[]][] = [
    [[[1, 150]], [0x08, 0x96, 0x01]],
    [[[2, "testing"]], [
      0x12,
      0x07,
      ...new TextEncoder().encode("testing"),
    ]],
    [[[3, message([[1, 150]])]], [0x1a, 0x03, 0x08, 0x96, 0x01]],
    [[[1, -2]], [0x08, 0xfe, ...Array(8).fill(0xff), 0x01]],
    [[[16, 0]], [0x80, 0x01, 0x00]],
  ];
  for (const [fields, bytes] of cases) {
    const { pieces, length } = message(fields);
    const joined = [
      ...new Uint8Array(await new Blob([...pieces]).arrayBuffer()),
    ];
    assertEquals(joined, bytes);
    assertEquals(length, bytes.length);
  }
});

/** Zeros for all weights of a network. */
function emptyTensors(plan: ModelPlan): Map<string, FloatTensor> {
  return new Map(
    weightShapes(graphOf(plan)).map(({ name, shape }) => {
      const size = shape.reduce((product, one) => product * one, 1);
      return [name, {
        shape: torchShape(shape),
        values: new Float32Array(size),
      }];
    }),
  );
}

Deno.test("serializeOnnx() copies no weights that it leaves as they are", () => {
  const plan = completePlan({
    network: "vgg16",
    batchNorm: false,
    width: 0.05,
  });
  const tensors = emptyTensors(plan);
  const buffers = new Set<ArrayBufferLike>(
    serializeOnnx(plan, tensors).map(({ buffer }) => buffer),
  );
  for (const { values } of tensors.values()) {
    assert(buffers.has(values.buffer));
  }
});

Deno.test("serializeOnnx() leaves color-percentiles to the caller, says how in the metadata, and refuses it inside", async () => {
  const plan = completePlan({
    ...{ network: "vgg16", batchNorm: false, width: 0.02 },
    task: objectTask({ input: colorPercentilesInput }),
  });
  const tensors = emptyTensors(plan);
  const text = await new Blob(serializeOnnx(plan, tensors)).text();
  assertStringIncludes(
    text,
    "the 1st and 99.8th percentile of the whole image",
  );
  assertStringIncludes(text, "16 * max(1, noise)");
  assertThrows(
    () => serializeOnnx(plan, tensors, { stretch: true }),
    RangeError,
    "found stretch with normalization color-percentiles, expected false",
  );
});

Deno.test("describeOnnx() says sizes, stretch, normalization and outputs", () => {
  const plan = completePlan({ task: objectTask({ borderWeight: 0.1 }) });
  const texts = onnxSizes.map((sizes) =>
    describeOnnx(plan, { sizes, stretch: true }).sizes
  );
  assertEquals(new Set(texts).size, onnxSizes.length);
  const inside = describeOnnx(plan, { sizes: "any", stretch: true });
  assertStringIncludes(inside.sizes, "any height and width");
  assertStringIncludes(inside.intensities, "stretched in the model");
  assertStringIncludes(inside.normalization, "mean 0.485, 0.456, 0.406");
  assertEquals(Object.keys(inside.outputs), [
    ...["logits", "probability", "border_probability"],
  ]);
  const outside = describeOnnx(plan, { sizes: "fitting", stretch: false });
  assertStringIncludes(outside.sizes, "multiples of 32");
  assertStringIncludes(
    outside.intensities,
    "round(min(255, max(0, (value - low) * 255 / (high - low))))",
  );
  const paper = completePlan({ network: "unet" });
  const whole = describeOnnx(paper, { sizes: "any", stretch: true });
  assertStringIncludes(whole.sizes, "The outer 92 pixels");
  const smaller = describeOnnx(paper, { sizes: "fitting", stretch: true });
  assertStringIncludes(smaller.sizes, "Outputs lack 92 pixels on each side");
});
