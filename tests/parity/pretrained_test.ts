import "@tensorflow/tfjs-backend-cpu";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import * as tf from "@tensorflow/tfjs-core";
import { openDataset, readCase } from "@unet/data";
import { registerGradients } from "@unet/device/gradients";
import { createPretrained, parseWeights } from "@unet/model";
import { createRandom } from "@unet/random";
import fixture from "./fixtures/vgg_features.json" with { type: "json" };

await tf.setBackend("cpu");
registerGradients();

const folder = Deno.env.get("UNET_DATA") ??
  fromFileUrl(new URL("../../../shared/data", import.meta.url));
const weights = `${folder}/weights/vgg19-imagenet-blocks1-3.safetensors`;

function isThere(): boolean {
  try {
    return Deno.statSync(weights).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

const ignore = !isThere();
if (ignore) {
  // deno-lint-ignore no-console
  console.log(`Skipping tests of real weights: no ${weights}; set UNET_DATA`);
}

Deno.test({
  name:
    "createPretrained() gives PyTorch's features of a real image, from weights for blue, green, red in 0–255",
  ignore,
  async fn() {
    const file = parseWeights(await Deno.readFile(weights), weights);
    const { model, mapping } = createPretrained(
      { network: "vgg16", batchNorm: false, decoderChannels: [1, 1, 1, 1, 1] },
      file,
      createRandom(0),
      { partial: true, input: "caffe", name: weights },
    );
    assertEquals(mapping.taken.size, 14);
    assert(mapping.left.includes("encoder.features.17.weight"));
    const dataset = await openDataset(`${folder}/stage1_train.zip`);
    const found = dataset.cases.find(({ id }) => id === fixture.id)!;
    const { image } = await readCase(found);
    dataset.close();
    const { size } = fixture, channels = image.channels;
    const pixels = Float32Array.from({ length: size * size * 3 }, (_, at) => {
      const pixel = Math.floor(at / 3);
      const row = Math.floor(pixel / size), column = pixel % size;
      return image.data[(row * image.width + column) * channels + at % 3]! /
        255;
    });
    const { mean, deviation } = model.plan.normalization;
    let features = tf.tidy(() =>
      tf.div<tf.Tensor4D>(
        tf.sub(tf.tensor4d(pixels, [1, size, size, 3]), [...mean]),
        [...deviation],
      )
    );
    for (const { layer, mean, stride, values } of fixture.layers) {
      features = tf.tidy(() => {
        const isFirst = /\.(5|10)$/.test(layer);
        const x = isFirst ? tf.maxPool(features, 2, 2, "valid") : features;
        const kernel = model.weights.get(`${layer}.weight`) as unknown;
        const bias = model.weights.get(`${layer}.bias`)!;
        return tf.relu(
          tf.add<tf.Tensor4D>(
            tf.conv2d(x, kernel as tf.Tensor4D, 1, "same"),
            bias,
          ),
        );
      });
      const actual = await features.data() as Float32Array;
      const largest = Math.max(...values);
      const sum = actual.reduce((sum, value) => sum + value, 0);
      assertAlmostEquals(sum / actual.length, mean, 1e-4 * mean);
      values.forEach((value, i) =>
        assertAlmostEquals(actual[i * stride]!, value, 1e-4 * largest, layer)
      );
    }
    model.dispose();
  },
});
