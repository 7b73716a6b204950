import "@tensorflow/tfjs-backend-cpu";
import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { ModelError } from "@unet/errors";
import { createRandom } from "@unet/random";
import { headPlaces, objectTask } from "@unet/task";
import { createModel } from "./create_model.ts";
import { keepHeads } from "./keep_heads.ts";
import type { SavedModel } from "./load_model.ts";
import { buildSaved, decodeModel, encodeModel } from "./model_file.ts";
import type { ModelPlan } from "./plan.ts";

await tf.setBackend("cpu");

const task = objectTask({
  borderWeight: 0.1,
  instanceHeads: ["touching", "directions"],
});

/** A model as it is read from its file. */
async function savedModel(plan: Partial<ModelPlan>): Promise<SavedModel> {
  const model = createModel({ task, ...plan }, createRandom(1));
  const pieces = await encodeModel(model);
  model.dispose();
  const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
  return { path: "a.safetensors", bytes, ...decodeModel(bytes, "a") };
}

/** A model's logits of an image, by its heads. */
function logitsOf(saved: SavedModel): Record<string, number[]> {
  const model = buildSaved(saved);
  const result = tf.tidy(() => {
    const side = 32 + 2 * model.margin;
    const x = tf.linspace(0, 1, side * side * 3);
    const image = tf.reshape<tf.Rank.R4>(x, [1, side, side, 3]);
    const logits = model.forward(image, { training: false });
    return Object.fromEntries(
      headPlaces(model.task.heads).map(({ head, from, to }) => [
        head.name,
        [
          ...tf.slice(logits, [0, 0, 0, from], [-1, -1, -1, to - from])
            .dataSync(),
        ],
      ]),
    );
  });
  model.dispose();
  return result;
}

const plans: Record<string, Partial<ModelPlan>> = {
  "a network": { width: 0.02 },
  "the Paper's network, whose softmax has a background": {
    ...{ network: "unet", width: 0.02, padding: "same" },
  },
};
for (const [about, plan] of Object.entries(plans)) {
  Deno.test(`keepHeads() leaves what the heads that stay predict to the bit: ${about}`, async () => {
    const saved = await savedModel(plan), all = logitsOf(saved);
    for (
      const names of [["object"], ["object", "border"], [
        "directions",
        "object",
      ], [
        "object",
        "touching",
      ]]
    ) {
      const kept = logitsOf(keepHeads(saved, names));
      assertEquals(
        kept,
        Object.fromEntries(
          Object.entries(all).filter(([name]) => names.includes(name)),
        ),
      );
    }
  });
}

Deno.test("keepHeads() returns a model that keeps all its heads as it is", async () => {
  const saved = await savedModel({ width: 0.02 });
  const names = task.heads.map(({ name }) => name);
  assertEquals(keepHeads(saved, names.toReversed()), saved);
});

Deno.test("keepHeads() refuses names of no head, and no names", async () => {
  const saved = await savedModel({ width: 0.02 });
  assertThrows(
    () => keepHeads(saved, ["object", "distances"]),
    ModelError,
    'Cannot keep head "distances": found no head of that name, expected some of object, border, touching, directions',
  );
  assertThrows(() => keepHeads(saved, []), ModelError, "found no name");
});

Deno.test("keepHeads() refuses to take a softmax one of the two that it compares", async () => {
  const saved = await savedModel({ network: "unet", width: 0.02 });
  assertThrows(
    () => keepHeads(saved, ["border"]),
    ModelError,
    'found a network whose softmax compares "object", expected "object" among them',
  );
});
