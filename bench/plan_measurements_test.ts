import { assertEquals, assertMatch } from "@std/assert";
import { readSettings } from "./devices_settings.ts";
import { planMeasurements } from "./plan_measurements.ts";

const report = {
  name: "wasm",
  available: true,
  reason: "",
  version: "1",
  hardware: "",
  precisions: ["float32", "mixed"],
  missingKernels: [],
  gflops: 40,
} as const;

function plan(flags: string, gflops = 40): string[] {
  const settings = readSettings(flags.split(" "), 2);
  return planMeasurements(settings, [{ ...report, gflops }]).measurements
    .map(({ name, mode, batch, precision, loader, profile }) =>
      [name, mode, batch, precision, loader, profile].join(" ")
    );
}

Deno.test("ours and the peers' of a mode and batch follow one another", () => {
  assertEquals(plan("--batch 4 --peers torch,torch-compile"), [
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

Deno.test("the live loader and the profile are measured besides, alone", () => {
  assertEquals(
    plan("--batch 4 --peers none --precision mixed --loader live --profile"),
    [
      "wasm train 4 mixed fixed false",
      "wasm train 4 mixed live false",
      "wasm train 4 mixed fixed true",
      "wasm infer 4 mixed fixed false",
      "wasm infer 4 mixed fixed true",
    ],
  );
});

Deno.test("a device that takes very long is left out, unless it is named", () => {
  const flags = "--batch 16 --peers none --mode train --precision float32";
  assertEquals(plan(flags, 1), []);
  assertEquals(plan(`${flags} --device wasm`, 1).length, 1);
  const settings = readSettings(flags.split(" "), 2);
  const { leftOut } = planMeasurements(settings, [{ ...report, gflops: 1 }]);
  assertMatch(
    leftOut.join("\n"),
    /^wasm, train at batch 16: a step would take about 54 minutes \(--device wasm does it all the same\)$/,
  );
});

Deno.test("a device without the precision is left out, and that is told", () => {
  const flags = "--peers none --precision mixed".split(" ");
  const plain = { ...report, precisions: ["float32"] } as const;
  assertEquals(planMeasurements(readSettings(flags, 2), [plain]), {
    measurements: [],
    leftOut: ["wasm: no mixed precision"],
  });
});
