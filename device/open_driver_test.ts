import { add, getBackend } from "@tensorflow/tfjs-core";
import { assertEquals, assertRejects } from "@std/assert";
import { DeviceError } from "@unet/errors";
import { cpuDriver } from "./cpu/cpu_driver.ts";
import type { DeviceDriver } from "./driver.ts";
import { openDevice } from "./open_device.ts";
import { openDriver } from "./open_driver.ts";

Deno.test("openDriver() makes tfjs compute on the driver's device", async () => {
  const device = await openDriver(cpuDriver);
  assertEquals([device.name, device.precision, getBackend()], [
    "cpu",
    "float32",
    "cpu",
  ]);
  assertEquals([...await add(1, 2).data()], [3]);
  await device.close();
});

Deno.test("openDriver() shares the device with openDevice(), and the last to close stops it", async () => {
  const first = await openDriver(cpuDriver);
  const second = await openDevice("cpu");
  await first.close();
  assertEquals([...await add(1, 2).data()], [3]);
  await second.close();
});

Deno.test("openDriver() rejects a device that cannot start, with the driver's reason", async () => {
  const absent: DeviceDriver = {
    ...cpuDriver,
    name: "webgpu",
    probe: () => Promise.resolve("no GPU here"),
  };
  await assertRejects(
    () => openDriver(absent),
    DeviceError,
    'Cannot open device "webgpu": found no GPU here',
  );
});

Deno.test("openDriver() rejects a precision that the device lacks, and names those it has", async () => {
  await assertRejects(
    () => openDriver(cpuDriver, { precision: "mixed" }),
    DeviceError,
    'Cannot open device "cpu": found no mixed precision; use `precision float32`',
  );
});
