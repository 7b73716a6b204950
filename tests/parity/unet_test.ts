/**
 * Networks against PyTorch on every device there is: forward, loss, gradients,
 * running statistics and one step of SGD, on outputs that
 * `make_unet_fixtures.py` stored of the report's network, and
 * `make_resnet_fixtures.py` of segmentation_models.pytorch's. Each file says
 * which stream of numbers its input is drawn from: one that `training_step.py`
 * found, on which rounding moves no gradient by much.
 */
import { assert, assertEquals, assertLess } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { devices } from "@unet/device";
import { createModel, type ModelPlan, parseSafetensors } from "@unet/model";
import { createRandom } from "@unet/random";
import { bceWithLogits, sgd } from "@unet/train";
import { tryDevice } from "../try_device.ts";
import { fill, noise, relativeError, stored, values } from "./_formula.ts";

/**
 * Devices add up in their own orders, and the inputs are chosen to bear it.
 * Largest are the errors of batch norm's scale and offset before a single
 * channel or two, where a sum over all pixels nearly cancels: to 2e-4.
 */
const tolerance = 5e-4;
/** What batch norm's offsets lie around, as in `make_unet_fixtures.py`. */
const offset = 2;
const count = 2, height = 64, width = 96;

/** Where a plan of the fixtures differs from the network's own. */
const plans: Readonly<Record<string, Partial<ModelPlan>>> = {
  vgg16: { batchNorm: false },
  resnet34: { decoderChannels: [256, 128, 64, 64, 64] },
  resnet50: { decoderChannels: [256, 128, 64, 64, 64] },
};

const networks = ["vgg16_bn", "vgg16", "resnet34", "resnet50"] as const;

/** The inputs of the Python script, from `[N, C, H, W]` to `[N, H, W, C]`. */
function inputs(stream: number): { x: tf.Tensor4D; y: tf.Tensor4D } {
  const size = count * 3 * height * width;
  const planes = Float32Array.from(noise(size, stream), (v) => v * 0.5 + 0.5);
  const x = tf.tidy(() =>
    tf.transpose(
      tf.tensor4d(planes, [count, 3, height, width]),
      [0, 2, 3, 1],
    )
  );
  const y = tf.tensor4d(
    Float32Array.from(noise(size / 3, 1002), (v) => v > 0.3 ? 1 : 0),
    [count, height, width, 1],
  );
  return { x, y };
}

for (const name of devices) {
  const device = await tryDevice(name);
  if (typeof device === "string") {
    Deno.test({
      name: `${name} is as PyTorch, but is skipped: ${device}`,
      ignore: true,
      fn() {},
    });
    continue;
  }
  for (const network of networks) testNetwork(name, network);
}

function testNetwork(device: string, network: typeof networks[number]): void {
  Deno.test(`createModel() with ${network} trains on ${device} as in PyTorch`, async (t) => {
    await tf.setBackend(device);
    const bytes = await Deno.readFile(
      new URL(`./fixtures/${network}.safetensors`, import.meta.url),
    );
    const file = parseSafetensors(bytes, network);
    const model = createModel(
      { network, width: 1 / 32, ...plans[network] },
      createRandom(0),
    );
    fill(model, offset);
    const { x, y } = inputs(Number(file.metadata.stream));
    let logits: tf.Tensor4D | undefined;
    const { value, grads } = tf.variableGrads(
      () => {
        logits = tf.keep(model.forward(x, { training: true }));
        return bceWithLogits(logits, y);
      },
      model.trainable.map((name) => model.weights.get(name)!),
    );
    const gradients = new Map(model.trainable.map((name) => [
      name,
      grads[model.weights.get(name)!.name]!,
    ]));

    await t.step("logits and loss", async () => {
      assertLess(
        relativeError(
          await logits!.data() as Float32Array,
          stored(file, "logits"),
        ),
        tolerance,
      );
      assertLess(
        relativeError(await values(value), stored(file, "loss")),
        1e-5,
      );
    });

    await t.step("every gradient", async () => {
      const names = [...file.tensors.keys()]
        .filter((name) => name.startsWith("gradient/"))
        .map((name) => name.slice("gradient/".length));
      assertEquals(names.toSorted(), [...model.trainable].sort());
      for (const name of names) {
        const error = relativeError(
          await values(gradients.get(name)!),
          stored(file, `gradient/${name}`),
          1e-4,
        );
        assertLess(error, tolerance, `${name}: relative error ${error}`);
      }
    });

    await t.step("weights and statistics after a step of SGD", async () => {
      const optimizer = sgd({ momentum: 0.9, weightDecay: 1e-3 });
      optimizer.step(model.weights, gradients, { learningRate: 0.05 });
      optimizer.dispose();
      const names = [...file.tensors.keys()]
        .filter((name) => name.startsWith("updated/"))
        .map((name) => name.slice("updated/".length));
      const running = /running_(mean|var)$/;
      assertEquals(
        names.filter((name) => running.test(name)).sort(),
        [...model.weights.keys()].filter((name) => running.test(name)).sort(),
      );
      assert(names.length > 2);
      for (const name of names) {
        const error = relativeError(
          await values(model.weights.get(name)!),
          stored(file, `updated/${name}`),
        );
        assertLess(error, tolerance, `${name}: relative error ${error}`);
      }
    });

    await t.step("logits in evaluation mode", async () => {
      const evaluated = model.forward(x, { training: false });
      assertLess(
        relativeError(
          await evaluated.data() as Float32Array,
          stored(file, "evaluated"),
        ),
        tolerance,
      );
    });
    model.dispose();
  });
}
