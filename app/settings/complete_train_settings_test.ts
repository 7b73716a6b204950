import { assert, assertEquals, assertRejects } from "@std/assert";
import { join, resolve } from "@std/path";
import { UsageError } from "@unet/errors";
import { writeFile } from "@unet/files";
import { completePlan, modelMetadata, serializeSafetensors } from "@unet/model";
import { objectTask, type Task } from "@unet/task";
import { chooseNetwork } from "./choose_network.ts";
import { completeTrainSettings } from "./complete_train_settings.ts";
import type { TrainChoices } from "./train_settings.ts";

Deno.test("completeTrainSettings() takes what is chosen, and the recipe's for the rest", async () => {
  const settings = await completeTrainSettings({
    ...{ data: "cells", recipe: "report", batch: 4 },
  });
  assertEquals(
    [settings.batch, settings.optimizer, settings.learningRate],
    [4, "sgd", 0.4],
  );
  assertEquals(settings.data, resolve("cells"));
  assert(!Object.hasOwn(settings, "recipe"));
});

Deno.test("completeTrainSettings() treats null and nothing alike where all stays open", async () => {
  const out = join("runs", "a");
  assertEquals(
    await completeTrainSettings({ out, tile: null, width: null, period: null }),
    await completeTrainSettings({ out }),
  );
  const { tile, width, period, epochs } = await completeTrainSettings({ out });
  assertEquals([tile, width, period], [null, null, epochs]);
});

Deno.test("completeTrainSettings() lets undefined stand for nothing, as a form does", async () => {
  const choices = {
    out: "a",
    learningRate: undefined,
    epochs: undefined,
    seed: undefined,
  };
  assertEquals(
    await completeTrainSettings(choices as unknown as TrainChoices),
    await completeTrainSettings({ out: "a" }),
  );
});

/** Two models' headers, which decide what goes with their weights. */
async function modelFolder() {
  const path = await Deno.makeTempDir({ prefix: "unet-settings-" });
  const save = async (name: string, task: Task): Promise<string> => {
    const file = join(path, `${name}.safetensors`);
    const header = modelMetadata(completePlan({ task }), {});
    await writeFile(file, serializeSafetensors(new Map(), header));
    return file;
  };
  const dark = objectTask();
  const input = { ...dark.input, normalization: "color-percentiles" } as const;
  return {
    dark: await save("dark", dark),
    percentiles: await save("percentiles", { ...dark, input }),
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

Deno.test("completeTrainSettings() spreads values as is chosen, as the weights want it, or as before", async () => {
  const ruleOf = async (choices: TrainChoices) =>
    (await completeTrainSettings({ out: "a", ...choices })).normalization;
  assertEquals(await ruleOf({}), "stretch-dark");
  assertEquals(await ruleOf({ normalization: "percentiles" }), "percentiles");
  await using folder = await modelFolder();
  const { dark, percentiles } = folder;
  assertEquals(await ruleOf({ weights: dark }), "stretch-dark");
  assertEquals(await ruleOf({ weights: percentiles }), "percentiles");
  const channels = { data: "cells", channels: ["DAPI"] };
  assertEquals(await ruleOf(channels), "percentiles");
  await assertRejects(
    () => ruleOf({ ...channels, normalization: "stretch-dark" }),
    UsageError,
    'setting "normalization": found stretch-dark beside `channels`, expected percentiles',
  );
});

for (
  const [choices, message] of [
    [{ tile: 100 }, 'setting "tile": found 100, expected a multiple of 32'],
    [
      { validation: 0.5, test: 0.5 },
      'settings "`validation` and `test`": found shares that sum to 1',
    ],
    [{ channel: 1 }, 'setting "channel": found images that the program draws'],
    [
      { weights: "imagenet", width: 0.5 },
      'setting "width": found `weights imagenet`, expected 1',
    ],
    [
      { network: "unet", freezeEncoder: 5 },
      'setting "freezeEncoder": found 5, expected at most 4, the blocks of unet',
    ],
  ] satisfies [TrainChoices, string][]
) {
  Deno.test(`completeTrainSettings() refuses ${JSON.stringify(choices)}`, async () => {
    await assertRejects(
      () => completeTrainSettings(choices),
      UsageError,
      `Cannot use ${message}`,
    );
  });
}

Deno.test("chooseNetwork() takes the encoder of weights where no network is named", () => {
  assertEquals(chooseNetwork({}, { network: "vgg16" }), {
    network: "vgg16",
    batchNorm: false,
    padding: "same",
    freezeEncoder: false,
  });
  assertEquals(chooseNetwork({ batchNorm: false }).network, "vgg16");
  assertEquals(chooseNetwork({ unfreezeAt: 3 }).freezeEncoder, true);
});

Deno.test("completeTrainSettings() pastes objects by the recipe general, but none beside classes", async () => {
  const classes = [{ name: "ground", value: 0 }, { name: "cell", value: 1 }];
  const general = { data: "cells", recipe: "general" } as const;
  const objects = await completeTrainSettings(general);
  assert(objects.augment.includes("paste"));
  const standard = await completeTrainSettings({ data: "cells" });
  const others = { augment: null, scales: null, out: null };
  assertEquals(standard.scales, null);
  assertEquals({ ...objects, ...others }, {
    ...{ ...standard, ...others },
  });
  const kinds = await completeTrainSettings({ ...general, classes });
  assertEquals(
    kinds.augment,
    objects.augment.filter((name) =>
      name !== "paste" && name !== "object-contrast"
    ),
  );
  const contrast = ["object-contrast"] as const;
  await assertRejects(
    () => completeTrainSettings({ ...general, classes, augment: contrast }),
    UsageError,
    'Cannot use setting "augment": found object-contrast beside classes, expected other changes: a map of classes has no objects',
  );
  await assertRejects(
    () => completeTrainSettings({ ...general, classes, augment: ["paste"] }),
    UsageError,
    'Cannot use setting "augment": found paste beside classes, expected other changes',
  );
});
