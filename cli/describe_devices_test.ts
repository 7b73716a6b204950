import { assert, assertEquals } from "@std/assert";
import type { DeviceReport } from "@unet/device";
import { describeDevices } from "./describe_devices.ts";

const wasm: DeviceReport = {
  name: "wasm",
  available: true,
  reason: "",
  version: "library 1.2",
  hardware: "one core",
  precisions: ["float32"],
  missingKernels: [],
  gflops: 37.6,
};
const missing: DeviceReport = {
  ...wasm,
  name: "tensorflow",
  available: false,
  reason: 'Cannot open device "tensorflow": found no TensorFlow; get it',
  version: "",
  hardware: "",
  missingKernels: ["Conv2D"],
  gflops: 0,
};

Deno.test("describeDevices() lists what works, the fastest first, and what keeps the others", () => {
  const faster = {
    ...wasm,
    name: "onednn",
    precisions: ["float32", "mixed"],
    gflops: 300,
  } as const;
  assertEquals(describeDevices([missing, wasm, faster]), [
    "Available compute backends, the fastest first:",
    "",
    "Device  Precision       GFLOPS  Library      Hardware",
    "onednn  float32, mixed     300  library 1.2  one core",
    "wasm    float32             38  library 1.2  one core",
    "",
    "Not available:",
    "",
    "tensorflow  found no TensorFlow; get it",
    "",
    "--device auto, the default, uses the fastest. It remembers what was " +
    "measured here for",
    "a week, or until a library changes.",
  ]);
});

Deno.test("describeDevices() names kernels that a device lacks", () => {
  const lines = describeDevices([{ ...wasm, missingKernels: ["Max", "Min"] }]);
  assert(lines.includes("wasm        lacks kernels: Max, Min"), lines.join());
  assert(!lines.includes("Not available:"));
});

Deno.test("describeDevices() fits 100 columns, whatever the names are", () => {
  const long = "NVIDIA Graphics Device with a Name of Many Words ".repeat(4);
  const lines = describeDevices([
    { ...wasm, hardware: long, version: "library ".repeat(3) },
    { ...wasm, missingKernels: Array.from({ length: 90 }, (_, i) => `K${i}`) },
    { ...missing, reason: `${missing.reason} ${long} ${"/path".repeat(60)}` },
  ]);
  for (const line of lines) assert(line.length <= 100, line);
  const text = lines.map((line) => line.trim()).join(" ");
  for (const word of [...long.trim().split(" "), "K0", "K89"]) {
    assert(text.includes(word), word);
  }
});
