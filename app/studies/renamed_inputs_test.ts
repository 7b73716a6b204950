import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import type { Space } from "@unet/tune";
import { openStudy } from "./open_study.ts";
import { withCurrentNames } from "./renamed_inputs.ts";
import { parseTrainSettings } from "../settings/parse_train_settings.ts";
import { settingsOfValues } from "./settings_of_values.ts";

// Made by the version whose --model named an architecture: a study "unet" that
// tried model, and one "fixed" whose trials share --model vgg16.
const fixture = (name: string): string =>
  fromFileUrl(new URL(`../fixtures/${name}`, import.meta.url));
const stored = fixture("study_with_model.journal");

const networks = ["vgg16", "vgg16_bn"];
const space: Space = {
  network: { kind: "categorical", choices: networks },
  batch: { kind: "categorical", choices: [2, 4] },
};
const shared = { tile: 32, width: 0.02, epochs: 2 };

async function copyOf(path: string): Promise<string> {
  const copy = join(await Deno.makeTempDir(), "study.journal");
  await Deno.copyFile(path, copy);
  return copy;
}

Deno.test("openStudy() continues a study under the names that it began with", async () => {
  const path = await copyOf(stored);
  const out = join(path, "..");
  const { study, space: tried } = await openStudy(
    { path, name: "unet", out, fixed: { ...shared, data: "cells" }, space },
  );
  assertEquals(Object.keys(tried), ["model", "batch"]);
  assertEquals(tried.model, space.network);
  const [first] = study.trials;
  assertEquals(Object.keys(first!.distributions), ["model", "batch"]);
  const settings = await settingsOfValues(
    { ...shared, ...first!.params },
    "trial",
  );
  assertEquals(settings.network, "vgg16_bn");
});

Deno.test("openStudy() knows the settings of a study under their former names", async () => {
  const path = await copyOf(stored);
  const fixed = { ...shared, network: "vgg16", recipe: "report" };
  const { study } = await openStudy(
    { path, name: "fixed", out: join(path, ".."), fixed, space: {} },
  );
  assertEquals(study.trials.length, 1);
});

Deno.test("parseTrainSettings() reads the config.json of an earlier version", async () => {
  const path = fixture("config_with_encoder.json");
  const { settings } = JSON.parse(await Deno.readTextFile(path));
  const { network, width } = parseTrainSettings(settings, path);
  assertEquals([network, width], ["vgg16_bn", 0.02]);
});

Deno.test("withCurrentNames() renames what was renamed, and nothing else", () => {
  assertEquals(
    withCurrentNames({ model: "vgg16", batch: 2, toString: "x" }),
    { network: "vgg16", batch: 2, toString: "x" },
  );
});
