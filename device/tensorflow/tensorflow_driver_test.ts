import * as tf from "@tensorflow/tfjs-core";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { DeviceError } from "@unet/errors";
import { fusedKernels } from "../fused_kernels.ts";
import { openDevice } from "../open_device.ts";
import type { Binding } from "./binding.ts";
import { tensorflowDriver } from "./tensorflow_driver.ts";

const absent = await tensorflowDriver.probe();
/** Why mixed precision is refused here, or null. */
const slow = absent ?? await whySlow();

function test(name: string, body: () => Promise<void>, without = absent): void {
  Deno.test({
    name: without ? `${name}, skipped: ${without}` : name,
    ignore: without !== null,
    fn: body,
  });
}

async function whySlow(): Promise<string | null> {
  try {
    await (await openDevice("tensorflow", { precision: "mixed" })).close();
    return null;
  } catch (cause) {
    if (!(cause instanceof DeviceError)) throw cause;
    assertMatch(
      cause.message,
      /bfloat16 has 0\.\d times the speed|are wrong, expected 2\.16/,
    );
    return cause.message;
  }
}

function runKernel(
  name: string,
  inputs: Record<string, tf.Tensor>,
  attrs: Record<string, unknown>,
): tf.Tensor[] {
  return [
    tf.engine().runKernel(
      name,
      inputs as unknown as tf.NamedTensorMap,
      attrs as unknown as tf.NamedAttrMap,
    ),
  ].flat() as tf.Tensor[];
}

const same = { strides: 1, pad: "same", dataFormat: "NHWC", dilations: 1 };
const norm = { epsilon: 1e-3, relu: true };

/** Convolution, batch norm, ReLU, pooling; and back. */
function step(x: tf.Tensor, filter: tf.Tensor): tf.Tensor[] {
  return tf.tidy(() => {
    const channels = filter.shape[3]!;
    const scale = tf.ones([channels]), offset = tf.zeros([channels]);
    const [z] = runKernel("Conv2D", { x, filter }, same);
    const [y, mean, variance] = runKernel(
      fusedKernels.batchNormTrain,
      { x: z!, scale, offset },
      norm,
    );
    const pool = { filterSize: 2, strides: 2, pad: "valid" };
    const [half] = runKernel("MaxPool", { x: y! }, pool);
    const [dy] = runKernel("MaxPoolGrad", {
      dy: half!,
      input: y!,
      output: half!,
    }, pool);
    const [dz] = runKernel(fusedKernels.batchNormTrainGrad, {
      // Not that of pooling: which of two equals is the greatest may change.
      dy: draw(dy!.shape),
      x: z!,
      y: y!,
      scale,
      mean: mean!,
      variance: variance!,
    }, norm);
    const gradients = runKernel(fusedKernels.convolutionGrad, {
      dy: dz!,
      x,
      kernel: filter,
    }, { relu: false, bias: false, input: true });
    return [half!, mean!, tf.add(y!, y!), ...gradients];
  }) as unknown as tf.Tensor[];
}

function draw(shape: number[]): tf.Tensor {
  const size = shape.reduce((a, b) => a * b);
  const values = Float32Array.from({ length: size }, (_, i) => Math.sin(7 * i));
  return tf.tensor(values, shape);
}

test("a thousand steps leave no tensor, handle or memory behind", async () => {
  const device = await openDevice("tensorflow");
  const { binding } = tf.backend() as unknown as { binding: Binding };
  const x = draw([2, 32, 32, 16]), filter = draw([3, 3, 16, 16]);
  const run = (count: number) => {
    for (let i = 0; i < count; i++) tf.dispose(step(x, filter));
    return {
      tensors: tf.memory().numTensors,
      buffers: tf.memory().numDataBuffers,
      handles: binding.getNumOfTensors(),
    };
  };
  const before = run(200), memory = Deno.memoryUsage().rss;
  assertEquals(run(1000), before);
  // One tensor a step kept would be 130 MB.
  assert(Deno.memoryUsage().rss - memory < 60e6);
  tf.dispose([x, filter]);
  await device.close();
});

test("the device opens again after it was closed", async () => {
  for (let time = 0; time < 2; time++) {
    const device = await openDevice("tensorflow");
    const sum = tf.add(1, 2);
    assertEquals([...await sum.data()], [3]);
    sum.dispose();
    await device.close();
  }
});

test(
  "mixed precision gives what float32 gives, to two digits, as float32",
  async () => {
    const results: Float32Array[][] = [];
    for (const precision of ["float32", "mixed"] as const) {
      const device = await openDevice("tensorflow", { precision });
      const before = tf.memory().numTensors;
      const { binding } = tf.backend() as unknown as { binding: Binding };
      const x = draw([2, 8, 8, 16]), filter = draw([3, 3, 16, 16]);
      const outputs = step(x, filter);
      for (const { dtype } of outputs) assertEquals(dtype, "float32");
      results.push(
        await Promise.all(
          outputs.map((each) => each.data() as Promise<Float32Array>),
        ),
      );
      tf.dispose([x, filter, outputs]);
      assertEquals(tf.memory().numTensors, before);
      assertEquals(binding.getNumOfTensors(), 0);
      await device.close();
    }
    const [wide, mixed] = results as [Float32Array[], Float32Array[]];
    wide.forEach((expected, output) => {
      const actual = mixed[output]!;
      const squares = (values: Float32Array) =>
        values.reduce((sum, value) => sum + value * value, 0);
      const error = Math.sqrt(
        squares(expected.map((value, i) => value - actual[i]!)) /
          squares(expected),
      );
      // Some of what ReLU cuts lies so near to 0 that it is cut in one alone.
      assert(error < 0.1, `output ${output} is off by ${error}`);
      // Else nothing was computed with fewer digits.
      assert(error > 1e-5, `output ${output} is off by ${error}`);
    });
  },
  slow,
);
