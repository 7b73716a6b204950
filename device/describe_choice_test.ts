import { assertEquals } from "@std/assert";
import { describeChoice } from "./describe_choice.ts";
import type { Device } from "./device.ts";

const device: Device = {
  name: "wasm",
  version: "library 1.2",
  hardware: "one core",
  precision: "float32",
  missingKernels: [],
  gflops: 31.4,
  passedOver: [],
  close: () => Promise.resolve(),
};

Deno.test("describeChoice() names a device that was asked for", () => {
  assertEquals(
    describeChoice(device),
    "Device: wasm (library 1.2, one core, float32, about 31 GFLOPS)",
  );
});

Deno.test("describeChoice() says what auto skipped, and why", () => {
  const passedOver = [{ name: "cpu", reason: "slower" }] as const;
  assertEquals(
    describeChoice({ ...device, passedOver }),
    "Device: wasm (library 1.2, one core, float32, about 31 GFLOPS); not cpu (slower)",
  );
});
