import * as tf from "@tensorflow/tfjs-core";
import { assert, assertEquals } from "@std/assert";
import { devices } from "./devices.ts";
import { listDevices } from "./list_devices.ts";
import { openDevice } from "./open_device.ts";

Deno.test("listDevices() tries every device", async () => {
  const reports = await listDevices();
  assertEquals(reports.map(({ name }) => name), devices);
  for (const report of reports) {
    assert(report.available, report.reason);
    assertEquals([report.reason, report.missingKernels], ["", []]);
    assert(report.gflops > 0 && report.version !== "");
  }
});

Deno.test("listDevices() leaves tfjs on the device that was open", async () => {
  const device = await openDevice("cpu");
  const x = tf.tensor1d([1, 2]);
  await listDevices();
  assertEquals(tf.getBackend(), "cpu");
  assertEquals([...await x.data()], [1, 2]);
  x.dispose();
  await device.close();
});
