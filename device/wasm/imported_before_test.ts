import "@tensorflow/tfjs-backend-wasm";
import { assertEquals } from "@std/assert";
import { getKernel } from "@tensorflow/tfjs-core";
import { openDriver } from "../open_driver.ts";
import { wasmDriver } from "./wasm_driver.ts";

Deno.test("wasmDriver opens with its kernels, and once more, in a program that imported tfjs' backend before", async () => {
  for (let round = 0; round < 2; round++) {
    const device = await openDriver(wasmDriver);
    assertEquals(device.missingKernels, []);
    // tfjs' own backend has no such kernel.
    assertEquals(
      typeof getKernel("Conv2DBackpropFilter", "wasm")?.kernelFunc,
      "function",
    );
    await device.close();
  }
});
