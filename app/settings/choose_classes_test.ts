import { assertEquals, assertRejects } from "@std/assert";
import { UsageError } from "@unet/errors";
import { completeTrainSettings } from "./complete_train_settings.ts";
import type { TrainChoices } from "./train_settings.ts";

const classes = [
  { name: "background", value: 0 },
  { name: "axon", value: 1 },
];

async function refusal(choices: TrainChoices): Promise<string> {
  const error = await assertRejects(
    () => completeTrainSettings({ data: "cells", ...choices }),
    UsageError,
  );
  return error.message;
}

Deno.test("completeTrainSettings() takes classes from classes.json unless they are named or off", async () => {
  const data = await Deno.makeTempDir();
  await Deno.writeTextFile(`${data}/classes.json`, `["background", "axon"]`);
  const found = await completeTrainSettings({ data });
  assertEquals(found.classes, classes);
  assertEquals(found.loss, "ce+dice");
  const off = await completeTrainSettings({ data, classes: [] });
  assertEquals([off.classes, off.loss], [null, "bce+dice"]);
  const others = [...classes, { name: "myelin", value: 2 }];
  const named = await completeTrainSettings({ data, classes: others });
  assertEquals(named.classes, others);
  const reported = await completeTrainSettings({ data, recipe: "report" });
  assertEquals(reported.loss, "ce");
  await Deno.remove(data, { recursive: true });
});

Deno.test("completeTrainSettings() refuses settings that classes and objects do not share", async () => {
  assertEquals(
    await refusal({ classes, mask: "binary" }),
    'Cannot use setting "mask": found maps of classes, expected masks of ' +
      "objects, or `classes off`",
  );
  for (const other of [{ background: [0] }, { boundaries: true }]) {
    const [name] = Object.keys(other);
    assertEquals(
      (await refusal({ classes, ...other })).split(":")[0],
      `Cannot use setting "${name}"`,
    );
  }
  assertEquals(
    await refusal({ classes, loss: "bce" }),
    'Cannot use setting "loss": found bce, which is no loss of classes, ' +
      "expected ce, dice, ce+dice, focal",
  );
  assertEquals(
    await refusal({ loss: "focal" }),
    'Cannot use setting "loss": found focal, which is no loss of objects, ' +
      "expected bce, dice, bce+dice, weighted-bce",
  );
  assertEquals(
    await refusal({ classes, classWeights: [1] }),
    'Cannot use setting "classWeights": found 1, expected 2, one per class',
  );
  assertEquals(
    await refusal({ classWeights: [1, 2] }),
    'Cannot use setting "classWeights": found no classes, expected `classes` ' +
      "beside it",
  );
});

Deno.test("completeTrainSettings() refuses a value that means both not labeled and something else", async () => {
  assertEquals(
    await refusal({ ignore: [0] }),
    'Cannot use setting "ignore": found 0 (or `sparse`), which is the background, expected ' +
      "a value that means nothing else; name the number of the background, as " +
      "in `background 1`",
  );
  assertEquals(
    await refusal({ classes, ignore: [255, 1] }),
    'Cannot use setting "ignore": found 1, which is axon, expected a value ' +
      "that means nothing else; give each class its value, such as " +
      "`classes background=1,axon=2`",
  );
  const { ignore } = await completeTrainSettings({
    ...{ data: "cells", background: [1], ignore: [0] },
  });
  assertEquals(ignore, [0]);
});
