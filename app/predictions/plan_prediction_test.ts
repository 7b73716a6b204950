import { assertEquals, assertThrows } from "@std/assert";
import { openDevice } from "@unet/device";
import { ModelError } from "@unet/errors";
import { buildSaved, type SavedModel } from "@unet/model";
import { readNamedModel } from "../models/find_model.ts";
import { planPrediction, requireObjects } from "./plan_prediction.ts";

Deno.test("planPrediction() takes what the model's card says", async () => {
  const device = await openDevice("cpu");
  const saved = await readNamedModel("nuclei", () => {});
  requireObjects(saved, "nuclei");
  const model = buildSaved(saved), predict = () => Promise.reject();
  const planned = planPrediction(
    saved,
    { model, device: "webgpu", predict },
    { diameter: 20 },
  );
  assertEquals(planned.objects.threshold, 0.6);
  assertEquals(planned.settings.diameter?.wanted, 20);
  assertEquals(planned.heads, ["object"]);
  model.dispose();
  await device.close();
});

Deno.test("requireObjects() refuses a model that gives each pixel a class", async () => {
  const saved = await readNamedModel("axons", () => {});
  const name = "axons";
  assertThrows(
    () => requireObjects(saved as SavedModel, name),
    ModelError,
    "expected one that finds objects",
  );
});
