/**
 * What onnx' checker and ONNX Runtime made of our export of a network of two
 * channels, as `check_channel_exports.py` stored it, against our own numbers.
 */
import "@tensorflow/tfjs-backend-cpu";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { channelRanges, type Image, normalizeChannels } from "@unet/data";
import { noise } from "./_formula.ts";
import { channelModel } from "./write_channel_exports.ts";
import stored from "./fixtures/channel_exports.json" with { type: "json" };

await tf.setBackend("cpu");

Deno.test("ONNX Runtime computes our logits of two channels, each of which the export normalizes by itself", () => {
  const [count, channels, height, width] = stored.shape as [
    ...[number, number, number, number],
  ];
  assertEquals(stored.input, ["batch", channels, "height", "width"]);
  const area = height * width;
  const values = noise(count * channels * area, 1001);
  const model = channelModel(), ours: number[] = [];
  for (let index = 0; index < count; index++) {
    const image: Image = {
      ...{ width, height, channels, depth: 16, isSeparate: true },
      data: Uint16Array.from({ length: channels * area }, (_, at) => {
        const channel = at % channels;
        const plane = channels * index + channel;
        const value = Math.floor(
          (values[plane * area + Math.floor(at / channels)]! * 0.5 + 0.5) *
            65535,
        );
        return channel === 1 ? Math.floor(value / 100) : value;
      }),
    };
    const { data } = normalizeChannels(image, channelRanges(image));
    ours.push(
      ...tf.tidy(() =>
        model.forward(tf.tensor4d(data, [1, height, width, channels]), {
          training: false,
        }).dataSync()
      ),
    );
  }
  model.dispose();
  const expected = ours.filter((_, at) => at % 64 === 0);
  const largest = Math.max(1, ...expected.map(Math.abs));
  assertEquals(stored.logits.length, expected.length);
  expected.forEach((value, at) =>
    assertAlmostEquals(stored.logits[at]!, value, 1e-4 * largest)
  );
});
