import * as tf from "@tensorflow/tfjs-core";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { DeviceError } from "@unet/errors";
import { openDevice } from "../mod.ts";
import { testOnednn } from "./fixtures/test_onednn.ts";

testOnednn("onednn refuses a limit of memory that is no number", async () => {
  const before = Deno.env.get("UNET_MEMORY");
  Deno.env.set("UNET_MEMORY", "much");
  try {
    await assertRejects(() => openDevice("onednn"), DeviceError, "much");
  } finally {
    if (before === undefined) Deno.env.delete("UNET_MEMORY");
    else Deno.env.set("UNET_MEMORY", before);
  }
});

testOnednn(
  "onednn says that a tensor is too large, and computes on",
  async (open) => {
    const before = Deno.env.get("UNET_MEMORY");
    Deno.env.set("UNET_MEMORY", "0.25");
    try {
      const device = await open();
      const x = tf.ones([1, 1024, 1024, 16]) as tf.Tensor4D;
      const kernel = tf.ones([1, 1, 16, 64]) as tf.Tensor4D;
      const count = tf.memory().numTensors;
      let message = "";
      try {
        tf.conv2d(x, kernel, 1, "same");
      } catch (cause) {
        message = (cause as Error).message;
      }
      assert(message.includes("expected at most 256 MiB in all"), message);
      assertEquals(tf.memory().numTensors, count);
      assertEquals([...tf.add(1, 2).dataSync()], [3]);
      tf.dispose([x, kernel]);
      await device.close();
    } finally {
      if (before === undefined) Deno.env.delete("UNET_MEMORY");
      else Deno.env.set("UNET_MEMORY", before);
    }
  },
);
