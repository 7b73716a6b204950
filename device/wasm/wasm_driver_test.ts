import * as tf from "@tensorflow/tfjs-core";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { DeviceError } from "@unet/errors";
import { openDevice } from "../open_device.ts";

const gibibyte = 2 ** 28;

Deno.test("wasm says what to do when its memory is full", async () => {
  const device = await openDevice("wasm");
  const backend = tf.backend() as unknown as BackendWasm;
  const held: tf.TensorInfo[] = [];
  assertThrows(
    () => {
      while (held.length < 5) {
        held.push(backend.makeOutput([gibibyte], "float32"));
      }
    },
    DeviceError,
    'Cannot allocate tensor on device "wasm": found no room for 1024 MiB in its 4 GiB; use a smaller batch',
  );
  assert(held.length >= 2);
  for (const { dataId } of held) backend.disposeData(dataId);
  await device.close();
});

Deno.test("wasm computes beyond the first two gibibytes", async () => {
  const device = await openDevice("wasm");
  const backend = tf.backend() as unknown as BackendWasm;
  const held = [1, 2, 3].map(() => backend.makeOutput([gibibyte], "float32"));
  // Too large for the holes that are left further down.
  const x = tf.ones<tf.Rank.R4>([1, 1024, 1024, 8]);
  assert(backend.getMemoryOffset(x.dataId) > 2 ** 31);
  const filter = tf.ones<tf.Rank.R4>([3, 3, 8, 4]);
  const y = tf.conv2d(x, filter, 1, "valid");
  assertEquals(new Set(await y.data()), new Set([72]));
  const slopes = tf.engine().runKernel("Conv2DBackpropFilter", { x, dy: y }, {
    strides: [1, 1],
    pad: "valid",
    dataFormat: "NHWC",
    filterShape: [3, 3, 8, 4],
  }) as tf.Tensor;
  for (const slope of await slopes.data()) {
    assertAlmostEquals(slope / (72 * 1022 ** 2), 1, 1e-4);
  }
  for (const { dataId } of held) backend.disposeData(dataId);
  await device.close();
});
