import { assertEquals } from "@std/assert";
import { openDevice } from "./open_device.ts";
import { missingKernels, requiredKernels } from "./required_kernels.ts";

Deno.test("requiredKernels names each kernel once", () => {
  assertEquals(new Set(requiredKernels).size, requiredKernels.length);
});

Deno.test("missingKernels() finds what a backend lacks", async () => {
  assertEquals(missingKernels("no such backend"), requiredKernels);
  const device = await openDevice("wasm");
  assertEquals(missingKernels("wasm"), []);
  await device.close();
});
