import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { openDevice } from "@unet/device";
import { ModelError } from "@unet/errors";
import { completePlan } from "@unet/model";
import { exportModel } from "../export_model.ts";
import { completeTrainSettings } from "../settings/complete_train_settings.ts";
import type { TrainChoices } from "../settings/train_settings.ts";
import { buildModel } from "./build_model.ts";
import { cardOfOrigin, joinDiameters } from "./card_of_origin.ts";

Deno.test("joinDiameters() widens what was known by what was seen, whose median counts", () => {
  const known = { low: 11, median: 26, high: 58 };
  assertEquals(
    joinDiameters({ low: 19, median: 19.4, high: 80 }, known),
    { low: 11, median: 19.4, high: 80 },
  );
  assertEquals(joinDiameters(undefined, known), known);
  assertEquals(joinDiameters(known, undefined), known);
  assertEquals(joinDiameters(undefined, undefined), undefined);
});

Deno.test("cardOfOrigin() keeps sizes, license and how objects are found, and refuses what cannot be", () => {
  const originOf = (card: Record<string, unknown>) =>
    cardOfOrigin({
      ...{ path: "a", bytes: new Uint8Array(), plan: completePlan(), card },
      file: { tensors: new Map(), metadata: {} },
    });
  const kept = {
    diameters: { low: 11, median: 26, high: 58 },
    diameter: "off",
    ...{ license: "CC0", threshold: 0.6, instances: { depth: 1 } },
  } as const;
  assertEquals(originOf({ ...kept, pixelScale: 0.5, epoch: 3 }), kept);
  assertEquals(originOf({ license: null }), {});
  assertThrows(() => originOf({ diameters: 20 }), ModelError, "diameters 20");
});

Deno.test("buildModel() finds sizes and license of a model, and nothing in other weights or none", async () => {
  const device = await openDevice("cpu");
  const folder = await Deno.makeTempDir();
  const model = join(folder, "model.safetensors");
  const encoder = join(folder, "encoder.safetensors");
  const from = { model: "nuclei", format: "safetensors" } as const;
  await exportModel({ ...from, out: model, license: "CC0" });
  await exportModel({ ...from, out: encoder, part: "encoder" });
  const originOf = async (choices: TrainChoices) => {
    const settings = await completeTrainSettings({ data: folder, ...choices });
    const built = await buildModel(settings, {});
    built.model.dispose();
    return built.origin;
  };
  const { license, diameters } = await originOf({ weights: model });
  assertEquals(license, "CC0");
  assertEquals(diameters!.low < diameters!.high, true);
  for (
    const choices of [
      { weights: null, width: 0.02 },
      { weights: encoder, width: 0.25 },
      { weights: model, weightsPartial: true, width: 0.25 },
    ]
  ) assertEquals(await originOf(choices), {});
  await device.close();
  await Deno.remove(folder, { recursive: true });
});
