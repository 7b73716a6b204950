import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ModelError } from "@unet/errors";
import { writeFile } from "@unet/files";
import { createRandom } from "@unet/random";
import { createModel } from "../create_model.ts";
import { keepHeads } from "../keep_heads.ts";
import { loadModel, readModel, type SavedModel } from "../load_model.ts";
import { encodeModel, torchTensors } from "../model_file.ts";
import { serializeOnnx } from "../onnx/serialize_onnx.ts";
import { completePlan } from "../plan.ts";
import { summarize } from "../summary.ts";
import type { CustomNetwork } from "./custom_network.ts";
import { scaleChannels } from "./network.ts";
import { networkNames, networks } from "./networks.ts";

const names = networkNames.join(", ");

/** Two steps down, by convolutions of stride 2. */
const shallow: CustomNetwork = {
  ...networks.resnet34,
  name: "shallow",
  help: "two convolutions of stride 2",
  encoder: (graph, image, { width }) => {
    graph.beginBlock();
    const to = scaleChannels(16, width);
    const fine = graph.convolution(image, { name: "encoder.0", to, stride: 2 });
    graph.beginBlock();
    const coarse = graph.convolution(fine, {
      ...{ name: "encoder.1", to: 2 * to, stride: 2 },
    });
    return [fine, coarse];
  },
  blocks: 2,
  defaults: { batchNorm: true, decoderChannels: [32, 16], padding: "same" },
};

const plan = { network: shallow, width: 0.25 };

/** The logits of an image. */
function logitsOf(model: ReturnType<typeof createModel>): number[] {
  return tf.tidy(() => {
    const values = tf.linspace(0, 1, 16 * 16 * 3);
    const image = tf.reshape<tf.Rank.R4>(values, [1, 16, 16, 3]);
    const logits = model.forward(image, { training: false });
    assertEquals(logits.shape, [1, 16, 16, 1]);
    return [...logits.dataSync()];
  });
}

async function saved(folder: string): Promise<string> {
  const model = createModel(plan, createRandom(0));
  const path = `${folder}/model.safetensors`;
  await writeFile(path, await encodeModel(model));
  model.dispose();
  return path;
}

Deno.test("createModel() takes a network of the program's own, whose file names it", async () => {
  const folder = await Deno.makeTempDir();
  const path = await saved(folder), networks = [shallow];
  const model = createModel(plan, createRandom(0));
  assertEquals(model.sizeMultiple, 4);
  const text = (await readModel(path, { networks })).file.metadata.plan!;
  assertEquals(JSON.parse(text).network, "shallow");
  const loaded = await loadModel(path, { freezeEncoder: 1 }, { networks });
  assertEquals(loaded.plan.network, shallow);
  assertEquals(logitsOf(loaded), logitsOf(model));
  assert(!loaded.trainable.includes("encoder.0.weight"));
  assert(loaded.trainable.includes("encoder.1.weight"));
  model.dispose();
  loaded.dispose();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a file whose network is not given is refused by its name, with what to give", async () => {
  const folder = await Deno.makeTempDir(), path = await saved(folder);
  const other = { ...shallow, name: "deep" };
  await assertRejects(
    () => loadModel(path),
    ModelError,
    `Cannot load model "${path}": found network "shallow", which this ` +
      `program does not have, expected ${names}; give ` +
      "the network itself: loadModel(path, {}, { networks })",
  );
  await assertRejects(
    () => loadModel(path, {}, { networks: [other] }),
    ModelError,
    "resnet50, unet, deep; give",
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a network that lacks weights of the file is refused by the tensors", async () => {
  const folder = await Deno.makeTempDir(), path = await saved(folder);
  const wider: CustomNetwork = {
    ...shallow,
    encoder: (graph, image, plan) =>
      shallow.encoder(graph, image, { ...plan, width: 1 }),
  };
  await assertRejects(
    () => loadModel(path, {}, { networks: [wider] }),
    ModelError,
    "encoder.0.weight is F32 [4,3,3,3], not [16,3,3,3]",
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("what reads a plan reads that of a program's own network", async () => {
  const { rows } = summarize(plan);
  assertEquals(rows[0]!.name, "encoder.0");
  const folder = await Deno.makeTempDir();
  const read: SavedModel = await readModel(await saved(folder), {
    networks: [shallow],
  });
  assertEquals(keepHeads(read, ["object"]).plan, read.plan);
  const model = createModel(plan, createRandom(0));
  const pieces = serializeOnnx(read.plan, await torchTensors(model));
  model.dispose();
  assert((await new Blob(pieces).arrayBuffer()).byteLength > 0);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("completePlan() refuses a network that is incomplete or has the name of another", () => {
  const refused: [Partial<CustomNetwork>, string][] = [
    [{ name: "unet" }, 'a custom network named "unet"'],
    [{ name: "" }, "a network without name"],
    [{ blocks: 0 }, 'a network "shallow" of 0 blocks'],
    [
      { encoder: undefined as unknown as CustomNetwork["encoder"] },
      'a network "shallow" without encoder or decoder',
    ],
  ];
  for (const [change, found] of refused) {
    assertThrows(
      () => completePlan({ network: { ...shallow, ...change } }),
      RangeError,
      `Cannot build model with setting "network": found ${found}`,
    );
  }
  assertThrows(
    () => completePlan({ network: "vgg19" as "vgg16" }),
    RangeError,
    `expected ${names}`,
  );
});
