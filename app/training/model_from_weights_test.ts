import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { openDevice } from "@unet/device";
import { writeFile } from "@unet/files";
import { createModel, encodeModel } from "@unet/model";
import { createRandom } from "@unet/random";
import { classTask, objectTask, type Task } from "@unet/task";
import { completeTrainSettings } from "../settings/complete_train_settings.ts";
import type { TrainChoices } from "../settings/train_settings.ts";
import { modelFromWeights } from "./model_from_weights.ts";

const network = { width: 0.02, network: "resnet34" } as const;

/** Named classes, whose values count from 0. */
const named = (...names: readonly string[]) =>
  names.map((name, value) => ({ name, value }));

/** Whether training by choices starts with the head of a model, and its lines. */
async function startFrom(task: Task, choices: TrainChoices) {
  const device = await openDevice("cpu");
  const folder = await Deno.makeTempDir({ prefix: "unet-weights-" });
  const path = join(folder, "model.safetensors");
  const old = createModel({ ...network, task }, createRandom(0));
  try {
    await writeFile(path, await encodeModel(old, {}));
    const settings = await completeTrainSettings({
      ...{ data: folder, weights: path, tile: 64, ...choices },
    });
    const lines: string[] = [];
    const { model } = await modelFromWeights(settings, createRandom(1), {
      onWeights: (some) => void lines.push(...some),
    });
    const isKept = (name: string) =>
      `${model.weights.get(name)!.dataSync()}` ===
        `${old.weights.get(name)!.dataSync()}`;
    const first = [...old.weights.keys()][0]!;
    const random = lines.filter((line) => line.startsWith("Starting"));
    const kept = [isKept(first), isKept("segmentation_head.0.weight")];
    model.dispose();
    return { kept, random };
  } finally {
    old.dispose();
    await device.close();
    await Deno.remove(folder, { recursive: true });
  }
}

const fresh = {
  kept: [true, false],
  random: ["Starting at random: segmentation_head.0"],
};
const same = { kept: [true, true], random: [] };

Deno.test("modelFromWeights() keeps the head of a model of the same classes alone", async () => {
  const task = classTask({ classes: ["background", "axon", "myelin"] });
  for (
    const [names, expected] of [
      [["background", "axon", "myelin"], same],
      [["background", "myelin", "axon"], fresh],
      [["background", "tumor", "stroma"], fresh],
      [["background", "axon", "myelin", "vessel"], fresh],
    ] as const
  ) {
    const classes = named(...names);
    assertEquals(await startFrom(task, { classes }), expected, `${names}`);
    // What covers some layers only has no other classes than the whole.
    assertEquals(
      await startFrom(task, { ...network, classes, weightsPartial: true }),
      expected,
      `${names} of a part`,
    );
  }
});

Deno.test("modelFromWeights() starts the head of objects' classes at random where these are others", async () => {
  const data = await Deno.makeTempDir({ prefix: "unet-weights-" });
  await Deno.writeTextFile(
    join(data, "classes.csv"),
    "image,id,class\na,1,lymphocyte\na,2,tumor\n",
  );
  for (
    const [classes, expected] of [
      [["background", "lymphocyte", "tumor"], same],
      [["background", "tumor", "lymphocyte"], fresh],
      [["background", "axon", "tumor"], fresh],
    ] as const
  ) {
    const task = objectTask({ classes });
    assertEquals(await startFrom(task, { data }), expected, `${classes}`);
  }
  await Deno.remove(data, { recursive: true });
});
