import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs-core";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { DeviceError } from "@unet/errors";
import { openDevice } from "../open_device.ts";
import type { Binding } from "./binding.ts";
import { draw, step } from "./fixtures/training_step.ts";
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

test("a thousand steps leave no tensor, handle or memory behind", async () => {
  // In a process of its own, whose memory is all there is to measure.
  const program = new URL("./fixtures/thousand_steps.ts", import.meta.url);
  const config = new URL("../../deno.json", import.meta.url);
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-lock", "--no-check", "-P=unet"],
      ...[`--config=${fileURLToPath(config)}`, fileURLToPath(program)],
    ],
    stderr: "inherit",
  }).output();
  const [before, after] = JSON.parse(new TextDecoder().decode(stdout));
  const { memory: first, ...counted } = before;
  const { memory: last, ...left } = after;
  assertEquals(left, counted);
  // One tensor a step kept would be 130 MB, one text a step 60 MB.
  assert(last - first < 40e6, `${last - first} bytes more`);
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
