import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { CachedCase } from "@unet/data";
import type { Device } from "@unet/device";
import { UsageError } from "@unet/errors";
import { createModel } from "@unet/model";
import { createRandom } from "@unet/random";
import { openDevice } from "@unet/device";
import { choiceOfSettings } from "../settings/choice_of_settings.ts";
import { completeTrainSettings } from "../settings/complete_train_settings.ts";
import { suitDevice } from "./build_model.ts";
import { settingsOfModel } from "./settings_of_model.ts";
import { fingerprintOf } from "./training_data.ts";
import { optimizerOf, schedulerOf } from "./training_parts.ts";

Deno.test("suitDevice() fills in width and tile by the device's speed, and leaves what is given", async () => {
  const open = await completeTrainSettings({});
  const suited = (gflops: number) => {
    const { width, tile } = suitDevice(open, { gflops } as Device);
    return [width, tile];
  };
  assertEquals(suited(200), [0.25, 256]);
  assertEquals(suited(20), [0.125, 256]);
  assertEquals(suited(4), [0.125, 96]);
  const given = await completeTrainSettings({ width: 0.5, tile: 64 });
  assertEquals(suitDevice(given, { gflops: 4 } as Device), given);
});

Deno.test("fingerprintOf() changes with the content of an image, not with their order", async () => {
  const cases = ["a", "b"].map((id) => ({ id, path: `/cache/${id}1.case` }));
  const fingerprint = await fingerprintOf(cases as CachedCase[]);
  assertEquals(
    await fingerprintOf(cases.toReversed() as CachedCase[]),
    fingerprint,
  );
  assertEquals(
    await fingerprintOf(
      cases.map((one) => ({
        ...one,
        path: `/other${one.path}`,
      })) as CachedCase[],
    ),
    fingerprint,
  );
  const [first] = cases;
  const changed = [first, { id: "b", path: "/cache/b2.case" }];
  assertEquals(
    await fingerprintOf(changed as CachedCase[]) === fingerprint,
    false,
  );
});

Deno.test("schedulerOf() gives what the settings name, in epochs", async () => {
  const rateAt = async (
    scheduler: "cosine" | "cyclic" | "constant",
    epoch: number,
  ) => {
    const settings = await completeTrainSettings({
      ...{ data: "x", optimizer: "sgd", learningRate: 0.2, epochs: 10 },
      scheduler,
    });
    return schedulerOf(settings, 4).at(4 * epoch, 4).learningRate;
  };
  assertEquals(await rateAt("constant", 7), 0.2);
  assertAlmostEquals(await rateAt("cosine", 5), 0.1, 1e-9);
  // A period of two epochs: the largest rate in the middle.
  assertAlmostEquals(await rateAt("cyclic", 1), 0.2, 1e-9);
});

Deno.test("settingsOfModel() refuses a weight of borders where the model has no such head", async () => {
  const device = await openDevice("cpu");
  const model = createModel({ width: 0.02 }, createRandom(0));
  const settings = await completeTrainSettings({ boundaryWeight: 0.3 });
  assertThrows(
    () => settingsOfModel(settings, model),
    UsageError,
    'Cannot use setting "boundaryWeight": found ',
  );
  const own = settingsOfModel({ ...settings, boundaryWeight: null }, model);
  assertEquals([own.width, own.boundaries], [0.02, false]);
  model.dispose();
  await device.close();
});

Deno.test("choiceOfSettings() names only what is chosen", async () => {
  const settings = await completeTrainSettings({ data: "x", plane: "max" });
  assertEquals(choiceOfSettings(settings), { plane: "max" });
});

Deno.test("optimizerOf() makes each optimizer that has a name", async () => {
  const device = await openDevice("cpu");
  for (const optimizer of ["sgd", "adam", "adamw"] as const) {
    const settings = await completeTrainSettings({ data: "x", optimizer });
    optimizerOf(settings).dispose();
  }
  await device.close();
});
