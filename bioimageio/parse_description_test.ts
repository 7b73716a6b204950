import { assertEquals, assertThrows } from "@std/assert";
import { ModelError } from "@unet/errors";
// @ts-types="@types/js-yaml"
import { dump } from "js-yaml";
import { parseDescription } from "./parse_description.ts";

type Json = Record<string, unknown>;

const space = (id: string, size: unknown, more: Json = {}): Json => ({
  ...{ type: "space", id, size },
  ...more,
});

/** A description of version 0.5 with some fields replaced. */
function describe(
  { input = {}, output = {}, ...rest }: Json & {
    input?: Json;
    output?: Json;
  } = {},
): string {
  const channel = (...names: string[]) => ({
    type: "channel",
    channel_names: names,
  });
  return dump({
    ...{ type: "model", format_version: "0.5.3", name: "A" },
    weights: { onnx: { source: "a.onnx" } },
    inputs: [{
      id: "raw",
      axes: [
        { type: "batch" },
        channel("gray"),
        ...["y", "x"].map((id) => space(id, { min: 64, step: 32 })),
      ],
      ...input,
    }],
    outputs: [{
      axes: [
        { type: "batch" },
        channel("object", "border"),
        ...["y", "x"].map((id) =>
          space(id, { tensor_id: "raw", axis_id: id, offset: -8 })
        ),
      ],
      ...output,
    }],
    ...rest,
  });
}

Deno.test("parseDescription() reads sizes, margins and steps", () => {
  const { input, output, weights, own } = parseDescription(
    describe({
      input: {
        preprocessing: [
          { id: "ensure_dtype", kwargs: { dtype: "float32" } },
          { id: "scale_linear", kwargs: { gain: [2], axis: "channel" } },
        ],
      },
    }),
    "a.zip",
  );
  assertEquals(own, undefined);
  assertEquals(weights, { source: "a.onnx" });
  assertEquals([input.channels, input.height], [1, { least: 64, step: 32 }]);
  assertEquals([output.channels, output.margin, output.halo], [2, 4, 0]);
  assertEquals(input.steps, [
    { id: "ensure_dtype", dtype: "float32" },
    { id: "scale_linear", gain: [2], offset: [0] },
  ]);
});

Deno.test("parseDescription() refuses by its name whatever it does not know", () => {
  const refused = (text: string, part: string) =>
    assertThrows(() => parseDescription(text, "a.zip"), ModelError, part);
  const before = (step: Json, part: string) =>
    refused(describe({ input: { preprocessing: [step] } }), part);
  const after = (step: Json, part: string) =>
    refused(describe({ output: { postprocessing: [step] } }), part);
  before({ id: "fourier" }, 'found preprocessing step "fourier"');
  before(
    { id: "scale_range", kwargs: { axes: ["x"] } },
    'preprocessing scale_range axes ["x"]',
  );
  before(
    { id: "scale_range", kwargs: { reference_tensor: "b" } },
    '"reference_tensor"',
  );
  before(
    { id: "scale_range", kwargs: { min_percentile: 80, max_percentile: 20 } },
    "percentiles in order",
  );
  before(
    { name: "scale_range", kwargs: { mode: "per_dataset", axes: "xy" } },
    'mode "per_dataset"',
  );
  before({ id: "scale_linear", kwargs: { gain: [1, 2] } }, "found");
  before({ id: "binarize", kwargs: { threshold: "high" } }, "a number");
  after({ id: "zero_mean_unit_variance" }, "no whole image");
  after({ id: "stardist_postprocessing" }, '"stardist_postprocessing"');
  refused(describe({ type: "dataset" }), 'found type "dataset"');
  refused(describe({ format_version: "0.3.0" }), "0.4 or 0.5");
  refused(describe({ weights: { torchscript: {} } }), "onnx among them");
  refused(describe({ inputs: [] }), "expected one");
  refused(
    describe({ weights: { onnx: { source: "a", external_data: {} } } }),
    '"external_data"',
  );
  refused(describe({ input: { axes: [{ type: "batch" }] } }), "batch,channel");
  refused(
    describe({ input: { data: { type: "int64" } } }),
    'inputs data type "int64"',
  );
  refused("a: [", "a description that is not YAML");
  refused("[]", "fields by name");
});

Deno.test("parseDescription() reads no tags that make objects, and few bytes stay few", () => {
  const refused = (text: string) =>
    assertThrows(() => parseDescription(text, "a.zip"), ModelError);
  refused("type: !!js/function 'function () {}'");
  refused("[".repeat(100_000));
  const bomb = ["a0: &a0 [1, 1]"];
  for (let at = 1; at < 40; at++) {
    bomb.push(`a${at}: &a${at} [${`*a${at - 1},`.repeat(9)}]`);
  }
  refused([...bomb, "type: model", "format_version: *a39"].join("\n"));
  refused(`${bomb.join("\n")}\n${describe({ name: "A" })}`.replace(
    "name: A",
    "name: *a39",
  ));
});
