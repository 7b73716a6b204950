import * as tf from "@tensorflow/tfjs-core";
import { assert, assertEquals } from "@std/assert";
import { devices } from "./devices.ts";
import { listDevices } from "./list_devices.ts";
import { openDevice } from "./open_device.ts";

Deno.test("listDevices() tries every device", async () => {
  const reports = await listDevices();
  assertEquals(reports.map(({ name }) => name), devices);
  for (const report of reports) {
    if (report.available) {
      assertEquals([report.reason, report.missingKernels], ["", []]);
      assert(report.gflops > 0 && report.version !== "");
    } else {
      assertEquals([report.gflops, report.version], [0, ""]);
      assert(report.reason.startsWith("Cannot "), report.reason);
    }
  }
  for (const name of ["wasm", "cpu"]) {
    assert(reports.find((report) => report.name === name)?.available);
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
