import { assert, assertEquals, assertThrows } from "@std/assert";
import { TrainingError } from "@unet/errors";
import { completeTrainSettings } from "./complete_train_settings.ts";
import { parseTrainSettings } from "./parse_train_settings.ts";
import type { TrainChoices } from "./train_settings.ts";

async function settingsFor(
  choices: TrainChoices = {},
): Promise<Record<string, unknown>> {
  return { ...await completeTrainSettings(choices) };
}

for (
  const choices of [
    {},
    { data: "cells" },
    { data: "cells", optimizer: "adamw", tile: 64 },
    { batchNorm: false, dropout: 0.5, saveEvery: 3 },
    { boundaries: true, boundaryWeight: 0.3 },
    { test: 0.1, period: 4, precision: "mixed" },
    { modality: ["stained", "fluorescence"] },
    { augment: [], tilesPerEpoch: 64 },
    { recipe: "report", augment: ["flips", "gamma"] },
    { augmentStrength: 1.5, splitSeed: 3 },
    { data: "cells", recipe: "general" },
    { scales: { low: 0.5, high: 1 } },
    { data: "cells", channel: "DAPI", plane: "max" },
    { data: "cells", channel: 1, time: 2, level: 1 },
    { data: "cells", background: [-1, "#440154"], mask: "labels" },
    { data: "cells", ignore: [0.1, "nan", "-inf"] },
    { freezeEncoder: 3, unfreezeAt: 4 },
  ] satisfies TrainChoices[]
) {
  Deno.test(`parseTrainSettings() reads what train writes for ${JSON.stringify(choices)}`, async () => {
    const settings = await settingsFor(choices);
    const stored = JSON.parse(JSON.stringify(settings));
    assertEquals({ ...parseTrainSettings(stored, "config.json") }, settings);
  });
}

Deno.test("parseTrainSettings() notices each setting that is missing or of another kind", async () => {
  const settings = await settingsFor({ data: "cells" });
  for (const name of Object.keys(settings)) {
    for (const value of [undefined, [], {}, "", "x", -1, 0.5, 1e9]) {
      // Free texts, and numbers with a wide range.
      if (name === "out" || name === "device") {
        if (typeof value === "string") continue;
      }
      const isText =
        /^(data|roles|trainRole|validationRole|weights|license)$/.test(name) ||
        name === "channel" && value !== "";
      if (isText && typeof value === "string") continue;
      if (typeof value === "number" && value > 0 && isNumber(name)) continue;
      // Lists that may be empty.
      const isList = [
        ...["augment", "classes", "objectClasses", "ignore"],
        ...["instanceHeads", "log"],
      ].includes(name);
      if (isList && Array.isArray(value)) continue;
      const { message } = assertThrows(
        () => parseTrainSettings({ ...settings, [name]: value }, "config.json"),
        TrainingError,
        undefined,
        `${name} with ${JSON.stringify(value)}`,
      );
      assert(message.includes(`setting "${name}" with `), message);
    }
  }
  function isNumber(name: string): boolean {
    return typeof settings[name] === "number" || settings[name] === null;
  }
});

for (
  const [name, value] of [
    ["augment", ["flips", "spin"]],
    ["augmentStrength", 2.5],
    ["scales", { low: 1.1, high: 2 }],
    ["scales", { low: 1, high: 1 }],
    ["scales", { low: "0.5", high: 2 }],
    ["modality", []],
    ["plane", "min"],
    ["channel", ["DAPI"]],
    ["width", 0],
    ["width", 5],
    ["epochs", 0],
    ["epochs", 1.5],
    ["batch", 0],
    ["dropout", 1],
    ["seed", 2 ** 60],
    ["period", 0],
    ["loss", "mse"],
    ["network", "resnet"],
  ] as const
) {
  Deno.test(`parseTrainSettings() refuses ${name} ${value}`, async () => {
    const settings = { ...await settingsFor(), [name]: value };
    assertThrows(
      () => parseTrainSettings(settings, "config.json"),
      TrainingError,
      `found setting "${name}" with ${JSON.stringify(value)}`,
    );
  });
}

Deno.test("parseTrainSettings() refuses what is no settings at all", () => {
  for (const value of [null, undefined, 3, "text", [], {}]) {
    assertEquals(
      assertThrows(
        () => parseTrainSettings(value, "config.json"),
        TrainingError,
      )
        .message,
      'Cannot resume run by "config.json": found setting "data" with no value, ' +
        "expected content that train wrote",
    );
  }
});

Deno.test("parseTrainSettings() reads the switch that older runs have for their augmentation", async () => {
  const { augmentStrength: _, tilesPerEpoch: __, ...older } = await settingsFor(
    { data: "cells" },
  );
  const on = parseTrainSettings({ ...older, augment: true }, "config.json");
  assertEquals(on.augment, ["flips", "rotation", "elastic", "erasing"]);
  assertEquals([on.augmentStrength, on.tilesPerEpoch], [1, null]);
  const off = parseTrainSettings({ ...older, augment: false }, "config.json");
  assertEquals(off.augment, []);
});
