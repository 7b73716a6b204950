import { assertEquals, assertMatch } from "@std/assert";
import { readSettings } from "./devices_settings.ts";
import type { MeasurableDevice } from "./measurable_device.ts";
import { planMeasurements } from "./plan_measurements.ts";

const report: MeasurableDevice = {
  name: "wasm",
  available: true,
  reason: "",
  precisions: ["float32", "mixed"],
  lacking: [],
  gflops: 400,
};

function plan(flags: string, of: Partial<MeasurableDevice> = {}) {
  const settings = readSettings(flags.split(" ").filter(Boolean), 2);
  return planMeasurements(settings, [{ ...report, ...of }]);
}

function planned(flags: string, of: Partial<MeasurableDevice> = {}): string[] {
  return plan(flags, of).measurements
    .map(({ name, mode, batch, precision, loader, profile }) =>
      [name, mode, batch, precision, loader, profile].join(" ")
    );
}

const one = "--width 1 --batch 4";

Deno.test("ours and the peers' of a shape and mode follow one another", () => {
  assertEquals(planned(`${one} --peers torch,torch-compile`), [
    "wasm train 4 float32 fixed false",
    "wasm train 4 mixed fixed false",
    "torch train 4 float32 fixed false",
    "torch train 4 bf16 fixed false",
    "torch-compile train 4 float32 fixed false",
    "wasm infer 4 float32 fixed false",
    "wasm infer 4 mixed fixed false",
    "torch infer 4 float32 fixed false",
    "torch infer 4 bf16 fixed false",
    "torch-compile infer 4 float32 fixed false",
  ]);
});

Deno.test("peers that only infer are measured in inference alone", () => {
  assertEquals(
    planned(`${one} --precision float32 --peers openvino,onnxruntime`),
    [
      "wasm train 4 float32 fixed false",
      "wasm infer 4 float32 fixed false",
      "openvino infer 4 float32 fixed false",
      "onnxruntime infer 4 float32 fixed false",
    ],
  );
  assertEquals(planned(`${one} --mode train --peers openvino`).length, 2);
  assertEquals(
    planned(`${one} --mode infer --peers openvino`).slice(2),
    [
      "openvino infer 4 float32 fixed false",
      "openvino infer 4 int8 fixed false",
    ],
  );
});

Deno.test("without flags the sizes that people use are measured", () => {
  const { measurements } = plan("--peers none --precision float32");
  assertEquals(
    measurements.map(({ width, size, mode, batch }) =>
      [width, size, mode, batch].join(" ")
    ),
    [
      "0.25 256 train 8",
      "0.25 256 infer 8",
      "0.25 1024 infer 1",
      "0.5 256 train 8",
      "0.5 256 infer 8",
      "1 256 train 4",
      "1 256 infer 4",
      "1 256 train 16",
      "1 256 infer 16",
    ],
  );
});

Deno.test("the live loader and the profile are measured besides, alone", () => {
  assertEquals(
    planned(
      `${one} --peers none --precision mixed --loader live --profile`,
    ),
    [
      "wasm train 4 mixed fixed false",
      "wasm train 4 mixed fixed true",
      "wasm train 4 mixed live false",
      "wasm infer 4 mixed fixed false",
      "wasm infer 4 mixed fixed true",
    ],
  );
});

Deno.test("the standard recipe is measured besides, with each loader, in training alone", () => {
  const { measurements } = plan(
    `${one} --peers none --precision float32 --recipe standard --loader live`,
  );
  assertEquals(
    measurements.map(({ mode, recipe, loader }) => [mode, recipe, loader]),
    [
      ["train", "plain", "fixed"],
      ["train", "plain", "live"],
      ["train", "standard", "fixed"],
      ["train", "standard", "live"],
      ["infer", "plain", "fixed"],
    ],
  );
});

Deno.test("a device that takes very long is left out, unless it is named", () => {
  const flags = "--width 1 --batch 16 --peers none --mode train " +
    "--precision float32";
  const slow = { gflops: 1 };
  assertEquals(planned(flags, slow), []);
  assertEquals(planned(`${flags} --device wasm`, slow).length, 1);
  assertMatch(
    plan(flags, slow).leftOut.join("\n"),
    /^wasm, train at width 1, 256×256, batch 16: a step would take about 54 minutes \(--device wasm does it all the same\)$/,
  );
});

Deno.test("a precision that the processor lacks is left out, with its reason", () => {
  const lacking = {
    precisions: ["float32"],
    lacking: [{ precision: "mixed", reason: "no such instructions" }],
  };
  const { measurements, leftOut } = plan(
    `${one} --mode train --peers none`,
    lacking,
  );
  assertEquals(measurements.map(({ precision }) => precision), ["float32"]);
  assertEquals(leftOut, ["wasm: mixed: no such instructions"]);
  assertEquals(plan("--peers none --precision float32", lacking).leftOut, []);
});

Deno.test("a device without the precision is left out, with a line", () => {
  const { measurements, leftOut } = plan("--peers none --precision int8");
  assertEquals(measurements, []);
  assertEquals(leftOut, ["wasm: int8: the device has none"]);
});
