import { objectTask } from "@unet/task";
import "@tensorflow/tfjs-backend-cpu";
import { assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { createRandom } from "@unet/random";
import { createPretrained } from "./pretrained.ts";
import { serializeTorch } from "./files/serialize_torch.ts";
import { toTorchLayout } from "./files/torch_layout.ts";
import type { Model } from "./model.ts";
import { createModel } from "./create_model.ts";
import { parseWeights, type WeightsFile } from "./files/weights_file.ts";

await tf.setBackend("cpu");

const plan = { network: "vgg16", width: 0.05, batchNorm: false } as const;

/** The weights of a random network whose names pass a test. */
async function randomFile(
  seed: number,
  accept: (name: string) => boolean,
): Promise<WeightsFile> {
  const model = createModel(plan, createRandom(seed));
  const file = await fileOf(model, accept);
  model.dispose();
  return file;
}

/** The weights of a network whose names pass a test. */
async function fileOf(
  model: Model,
  accept: (name: string) => boolean,
): Promise<WeightsFile> {
  const tensors = new Map(
    [...model.weights].filter(([name]) => accept(name)).map((
      [name, tensor],
    ) => [
      name,
      toTorchLayout({
        shape: tensor.shape,
        values: tensor.dataSync() as Float32Array,
      }),
    ]),
  );
  const pieces = serializeTorch(tensors);
  return parseWeights(
    new Uint8Array(await new Blob(pieces).arrayBuffer()),
    "file.pth",
  );
}

Deno.test("createPretrained() computes what the network whose weights it got computes", async () => {
  const { model } = createPretrained(
    plan,
    await randomFile(3, () => true),
    createRandom(99),
  );
  const before = createModel(plan, createRandom(3));
  const x = tf.randomUniform<tf.Rank.R4>([1, 32, 32, 3], 0, 1, "float32", 1);
  const expected = before.forward(x, { training: false });
  const actual = model.forward(x, { training: false });
  assertEquals(actual.dataSync(), expected.dataSync());
  tf.dispose([x, expected, actual]);
  before.dispose();
  model.dispose();
});

Deno.test("createPretrained() starts at random where the file has nothing", async () => {
  const file = await randomFile(3, (name) => name.startsWith("head."));
  const make = (seed: number) =>
    createPretrained(plan, file, createRandom(seed), {
      partial: true,
    }).model;
  const [one, same, other] = [make(1), make(1), make(2)];
  const values = (model: typeof one, name: string) =>
    model.weights.get(name)!.dataSync();
  const first = "encoder.features.0.weight";
  assertEquals(values(one, first), values(same, first));
  assertEquals(values(one, first)[0] === values(other, first)[0], false);
  assertEquals(values(one, "head.weight"), values(other, "head.weight"));
  [one, same, other].forEach((model) => model.dispose());
});

Deno.test("createPretrained() takes weights for blue, green, red in 0–255 less a mean", async () => {
  const file = await randomFile(3, () => true);
  const torch = createPretrained(plan, file, createRandom(0)).model;
  const caffe = createPretrained(plan, file, createRandom(0), {
    input: "caffe",
  }).model;
  // What the two see is the same number if each pixel is made so.
  const { mean, deviation } = torch.plan.normalization;
  const means = [103.939, 116.779, 123.68];
  const pixels = Array.from({ length: 32 * 32 * 3 }, (_, at) => at * 7 % 256);
  const forCaffe = pixels.map((value) => value / 255);
  const forTorch = pixels.map((_, at) => {
    const channel = at % 3, mirrored = at - channel + (2 - channel);
    return (pixels[mirrored]! - means[channel]!) * deviation[channel]! +
      mean[channel]!;
  });
  const run = (model: typeof torch, values: number[]) => {
    const x = tf.tensor4d(values, [1, 32, 32, 3]);
    const logits = model.forward(x, { training: false });
    const result = logits.dataSync();
    tf.dispose([x, logits]);
    return result;
  };
  const expected = run(torch, forTorch), actual = run(caffe, forCaffe);
  const scale = Math.max(...expected.map(Math.abs));
  expected.forEach((value, at) =>
    assertAlmostEquals(actual[at]!, value, 1e-5 * scale)
  );
  torch.dispose();
  caffe.dispose();
});

Deno.test("createPretrained() keeps the object's channel where the network predicts borders too", async () => {
  for (const network of ["vgg16", "unet"] as const) {
    const known = createModel({ ...plan, network }, createRandom(3));
    const file = await fileOf(known, () => true);
    const started = [1, 1, 2].map((seed) =>
      createPretrained(
        { ...plan, network, task: objectTask({ borderWeight: 0.1 }) },
        file,
        createRandom(seed),
      )
    );
    assertEquals(started[0]!.mapping.grown, ["head.weight", "head.bias"]);
    const side = network === "unet" ? 188 : 32;
    const x = tf.randomUniform<tf.Rank.R4>(
      [1, side, side, 3],
      0,
      1,
      "float32",
      1,
    );
    const run = (model: typeof known) =>
      model.forward(x, { training: false }).dataSync();
    const expected = run(known);
    const [one, same, other] = started.map(({ model }) => run(model));
    const channel = (values: ArrayLike<number>, which: number) =>
      expected.map((_, at) => values[2 * at + which]!);
    assertEquals(channel(one!, 0), expected);
    assertEquals(channel(other!, 0), expected);
    assertEquals(channel(same!, 1), channel(one!, 1));
    assertNotEquals(channel(other!, 1), channel(one!, 1));
    [known, ...started.map(({ model }) => model)].forEach((model) =>
      model.dispose()
    );
  }
});

Deno.test("createPretrained() takes the normalization of a model that was saved", async () => {
  const normalization = {
    mean: [0.1, 0.2, 0.3],
    deviation: [0.5, 0.6, 0.7],
  } as const;
  const { model } = createPretrained(
    plan,
    await randomFile(3, () => true),
    createRandom(0),
    { input: normalization },
  );
  assertEquals(model.plan.normalization, normalization);
  model.dispose();
});
