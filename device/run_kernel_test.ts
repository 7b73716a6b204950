import "@tensorflow/tfjs-backend-cpu";
import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { hasKernel, runKernel } from "./run_kernel.ts";

Deno.test("runKernel() gives a list, for kernels of one output and of several", () => {
  tf.tidy(() => {
    const x = tf.tensor1d([1, 2, 3, 4]);
    const [doubled] = runKernel("Add", { a: x, b: x });
    assertEquals([...doubled!.dataSync()], [2, 4, 6, 8]);
    const parts = runKernel("SplitV", { x }, {
      numOrSizeSplits: [3, 1],
      axis: 0,
    });
    assertEquals(parts.map((part) => part.shape), [[3], [1]]);
  });
});

Deno.test("runKernel() fails on a kernel that the backend lacks", () => {
  assertThrows(() => runKernel("NoSuchKernel", {}), Error, "NoSuchKernel");
});

Deno.test("hasKernel() knows the current backend's kernels", async () => {
  await tf.ready();
  assert(hasKernel("Conv2D"));
  assertFalse(hasKernel("NoSuchKernel"));
});
