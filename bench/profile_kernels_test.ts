import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { openDevice } from "@unet/device";
import { profileKernels } from "./profile_kernels.ts";

Deno.test("a profile counts calls, bytes and shares, then puts the kernels back", async () => {
  const device = await openDevice("cpu");
  const before = tf.getKernel("BatchMatMul", "cpu");
  const profile = profileKernels("cpu");
  const multiply = (): void =>
    tf.tidy(() => {
      tf.matMul(tf.ones([2, 3]), tf.ones([3, 4]));
    });
  multiply();
  profile.clear();
  multiply();
  multiply();
  const shares = profile.shares(1);
  profile.stop();
  multiply();

  const found = shares.find(({ kernel }) => kernel === "BatchMatMul")!;
  assertEquals(found.calls, 2);
  assertEquals(found.bytes, 2 * 4 * (2 * 3 + 3 * 4 + 2 * 4));
  assertAlmostEquals(found.share, found.seconds);
  assertEquals(
    shares.map(({ seconds }) => seconds),
    shares.map(({ seconds }) => seconds).sort((a, b) => b - a),
  );
  assertEquals(profile.shares(1), shares);
  assertEquals(tf.getKernel("BatchMatMul", "cpu"), before);
  await device.close();
});

Deno.test("a kernel's seconds leave out those of kernels that it calls", async () => {
  const device = await openDevice("cpu");
  const outer = {
    kernelName: "BenchOuter",
    backendName: "cpu",
    kernelFunc: ({ inputs }: { inputs: tf.NamedTensorInfoMap }) =>
      tf.square(inputs["x"] as tf.Tensor),
  };
  tf.registerKernel(outer);
  const profile = profileKernels("cpu");
  const x = tf.ones([1 << 20]);
  profile.clear();
  const start = performance.now();
  tf.engine().runKernel("BenchOuter", { x });
  const elapsed = (performance.now() - start) / 1000;
  const shares = profile.shares(elapsed);
  profile.stop();
  tf.unregisterKernel("BenchOuter", "cpu");
  x.dispose();
  const kernels = new Set(shares.map(({ kernel }) => kernel));
  assert(kernels.has("BenchOuter") && kernels.has("Square"));
  const within = shares.reduce((sum, { share }) => sum + share, 0);
  assert(within <= 1, `${within}`);
  await device.close();
});
