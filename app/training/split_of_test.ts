import { assert, assertEquals, assertThrows } from "@std/assert";
import type { CachedCase } from "@unet/data";
import { DatasetError } from "@unet/errors";
import { splitOf } from "./split_of.ts";
import { completeTrainSettings } from "../settings/complete_train_settings.ts";
import type { TrainChoices } from "../settings/train_settings.ts";

function settingsFor(choices: TrainChoices = {}) {
  return completeTrainSettings({ data: "/cells", ...choices });
}

/** Images with so many nuclei each. */
function casesOf(...nuclei: number[]): CachedCase[] {
  return nuclei.map((count, index) => ({
    ...{ id: `image-${index}`, path: `${index}`, width: 64, height: 64 },
    ...{ modality: "fluorescence", nuclei: count },
    ...{ foreground: count > 0 ? 0.2 : 0, labeled: 1, content: `${index}` },
  }));
}

async function faultOf(cases: CachedCase[], choices: TrainChoices = {}) {
  const settings = await settingsFor(choices);
  return assertThrows(() => splitOf(settings, cases), DatasetError).message;
}

Deno.test("splitOf() refuses too few images, with a remedy that train takes", async () => {
  const cases = casesOf(3, 3);
  assertEquals(
    await faultOf(cases.slice(1)),
    'Cannot train on images "/cells": found 1 image, expected at least 2: ' +
      "one to train on, one to validate on; add images, or cut the image and " +
      "its mask into two parts with objects in both",
  );
  assertEquals(
    await faultOf(cases, { test: 0.2 }),
    'Cannot train on images "/cells": found 2 images, expected at least 3: ' +
      "one to train on, one to validate on, one to test on; leave `test` out, " +
      "or add images",
  );
  const split = splitOf(await settingsFor(), cases);
  assertEquals([split.train.length, split.validation.length], [1, 1]);
});

Deno.test("splitOf() names the modality that leaves too few", async () => {
  assertEquals(
    await faultOf(casesOf(3), { modality: ["fluorescence", "stained"] }),
    'Cannot train on images "/cells": found 1 image of fluorescence or ' +
      "stained, expected at least 2: one to train on, one to validate on; add " +
      "images, or cut the image and its mask into two parts with objects in both",
  );
});

Deno.test("splitOf() refuses masks that are all empty", async () => {
  assertEquals(
    await faultOf(casesOf(0, 0, 0)),
    'Cannot train on images "/cells": found no object in any training mask: ' +
      "all masks of 3 images are empty, expected masks that are not all " +
      "background; `check` lists what each mask holds",
  );
});

Deno.test("splitOf() refuses parts without any object, and names a split that has some", async () => {
  const cases = casesOf(0, 0, 0, 0, 0, 0, 0, 0, 5, 7);
  const filled = new Set(["image-8", "image-9"]);
  let refused = 0;
  for (let seed = 0; seed < 20; seed++) {
    const settings = await settingsFor({ seed });
    const hasBoth = (split: ReturnType<typeof splitOf>): boolean =>
      [split.train, split.validation]
        .every((ids) => ids.some((id) => filled.has(id)));
    try {
      assert(hasBoth(splitOf(settings, cases)));
    } catch (error) {
      if (!(error instanceof DatasetError)) throw error;
      refused++;
      const [, part, advised] = error.message.match(
        /found no object in any (training|validation) mask, of \d images?, expected objects to learn from and objects to judge by; `splitSeed (\d+)` splits them otherwise$/,
      )!;
      assert(part === "training" || part === "validation");
      assert(
        hasBoth(splitOf({ ...settings, splitSeed: Number(advised) }, cases)),
      );
    }
  }
  assert(refused > 5 && refused < 20, `${refused}`);
});

Deno.test("splitOf() refuses training masks that are all foreground", async () => {
  const full = casesOf(1, 1, 1).map((one) => ({ ...one, foreground: 1 }));
  assertEquals(
    await faultOf(full),
    'Cannot train on images "/cells": found objects on every pixel of every ' +
      "training mask, of 2 images, expected background between them; if the background has its own number, name it with `background`",
  );
  const settings = await settingsFor();
  const [first] = splitOf(settings, casesOf(1, 1, 1)).train;
  const mixed = full.map((one) =>
    one.id === first ? { ...one, foreground: 0.99 } : one
  );
  assert(splitOf(settings, mixed).train.includes(first!));
});

Deno.test("splitOf() refuses images that are all the same", async () => {
  const same = casesOf(1, 1, 1).map((one) => ({ ...one, content: "same" }));
  assertEquals(
    await faultOf(same),
    'Cannot split dataset into "train, validation": found 3 images with 1 ' +
      "different content, expected at least 2; add images, or cut large ones " +
      "into several files",
  );
});

Deno.test("splitOf() says where one image alone has objects", async () => {
  assertEquals(
    (await faultOf(casesOf(0, 0, 4, 0))).replace(/any \w+/, "any …")
      .replace(/of \d images?,/, "of …,"),
    'Cannot train on images "/cells": found no object in any … mask, of …, ' +
      "expected objects to learn from and objects to judge by; only 1 image " +
      "of 4 has objects: add images that do",
  );
});

Deno.test("splitOf() says where no object has a class", async () => {
  const data = await Deno.makeTempDir({ prefix: "unet-split-" });
  await Deno.writeTextFile(`${data}/classes.csv`, "image,id,class\na,1,a\n");
  const choices = { data, objectClasses: ["a", "b"] };
  const own = (...classes: number[][]): CachedCase[] =>
    casesOf(...classes.map(() => 3)).map((one, at) => ({
      ...one,
      objectClasses: classes[at]!,
    }));
  assertEquals(
    await faultOf(own([1, 1, 1], [1, 1, 1]), choices),
    `Cannot train on images "${data}": found no object of class "b" in any ` +
      "training mask: none of 2 images has it, expected masks with each of " +
      "the classes; name the classes that objects have as `objectClasses`, " +
      "or leave them aside with `objectClasses off`",
  );
  const lacking = own([1, 2, 1], [1, 1, 1]);
  const { seed } = await settingsFor(choices);
  const fault = await faultOf(lacking, { ...choices, seed });
  assert(
    fault.includes(
      "expected each class to learn from and to judge by; only 1 image of 2 " +
        "has it: add images that do",
    ),
    fault,
  );
  await Deno.remove(data, { recursive: true });
});

Deno.test("splitOf() wants each class in training and in validation", async () => {
  const classes = ["background", "axon", "myelin"]
    .map((name, value) => ({ name, value }));
  const withClasses = (...pixels: number[][]): CachedCase[] =>
    casesOf(...pixels.map(() => 0)).map((one, at) => ({
      ...one,
      foreground: 0.5,
      classPixels: pixels[at]!,
    }));
  const full = [9, 5, 2], lacking = [9, 5, 0];
  const split = splitOf(
    await settingsFor({ classes, validation: 0.5 }),
    withClasses(full, full),
  );
  assertEquals(split.train.length, 1);
  assertEquals(
    await faultOf(withClasses(lacking, lacking), { classes }),
    'Cannot train on images "/cells": found no pixel of class "myelin" in any ' +
      "training mask: none of 2 images has it, expected masks with each of " +
      "the classes; `check` lists what each mask holds",
  );
  const cases = withClasses(full, lacking, lacking, full);
  const seeds = Array.from({ length: 20 }, (_, splitSeed) => splitSeed);
  const settings = await Promise.all(
    seeds.map((splitSeed) =>
      settingsFor({ classes, validation: 0.5, splitSeed })
    ),
  );
  const faults = settings.flatMap((one) => {
    try {
      splitOf(one, cases);
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  });
  assert(faults.length > 0 && faults.length < seeds.length);
  const seed = Number(/splitSeed (\d+)/.exec(faults[0]!)![1]);
  const mended = await settingsFor({
    ...{ classes, validation: 0.5, splitSeed: seed },
  });
  assertEquals(splitOf(mended, cases).validation.length, 2);
});
