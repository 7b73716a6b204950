import * as tf from "@tensorflow/tfjs-core";
import { assertEquals, assertMatch } from "@std/assert";
import { checkBatchNorm } from "./_check_batch_norm.ts";
import { fusedKernels } from "./fused_kernels.ts";
import { openDevice } from "./open_device.ts";

Deno.test("checkBatchNorm() finds nothing wrong with a device that works, and frees all", async () => {
  const device = await openDevice("cpu");
  const before = tf.memory().numTensors;
  assertEquals(await checkBatchNorm(), null);
  assertEquals(tf.memory().numTensors, before);
  await device.close();
});

for (const output of [0, 1, 2]) {
  Deno.test(`checkBatchNorm() finds a gradient whose output ${output} is off`, async () => {
    const device = await openDevice("cpu");
    const right = tf.getKernel(fusedKernels.batchNormTrainGrad, "cpu");
    tf.unregisterKernel(fusedKernels.batchNormTrainGrad, "cpu");
    tf.registerKernel({
      ...right,
      kernelFunc(params) {
        const outputs = right.kernelFunc(params) as tf.TensorInfo[];
        const values = tf.backend().readSync(outputs[output]!.dataId);
        (values as Float32Array)[0]! += 0.1;
        return outputs;
      },
    });
    assertMatch(await checkBatchNorm() ?? "", /batch norm .* wrong/);
    tf.unregisterKernel(fusedKernels.batchNormTrainGrad, "cpu");
    tf.registerKernel(right);
    await device.close();
  });
}
