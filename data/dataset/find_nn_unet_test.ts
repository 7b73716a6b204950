/** Examples are those of nnU-Net's documentation of its dataset format. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DatasetError } from "@unet/errors";
import { temporaryFolder } from "../fixtures/temporary_folder.ts";
import { findClasses } from "./find_classes.ts";
import { findNnUnet } from "./find_nn_unet.ts";

async function read(json: unknown) {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/dataset.json`;
  await Deno.writeTextFile(path, JSON.stringify(json));
  const found = await findNnUnet(folder.path);
  const classes = await findClasses(folder.path);
  assertEquals(classes, found && [...found.classes]);
  return found;
}

const second = {
  channel_names: { 0: "T2", 1: "ADC" },
  labels: { background: 0, PZ: 1, TZ: 2 },
  numTraining: 32,
  file_ending: ".tif",
};

Deno.test("findNnUnet() reads classes, channels and the ending of the second version", async () => {
  const { classes, ignored, channels, fileEnding } = (await read(second))!;
  assertEquals(classes, [
    { name: "background", value: 0 },
    { name: "PZ", value: 1 },
    { name: "TZ", value: 2 },
  ]);
  assertEquals([ignored, channels, fileEnding], [null, ["T2", "ADC"], ".tif"]);
});

Deno.test("findNnUnet() reads names by number and modalities of the first version", async () => {
  const { classes, channels, fileEnding } = (await read({
    name: "PROSTATE",
    modality: { "0": "T2", "1": "ADC" },
    labels: { "0": "background", "1": "PZ", "2": "TZ" },
    numTest: 16,
  }))!;
  assertEquals(classes.map(({ name, value }) => [name, value]), [
    ...[["background", 0], ["PZ", 1], ["TZ", 2]],
  ] as never);
  assertEquals([channels, fileEnding], [["T2", "ADC"], null]);
});

Deno.test("findNnUnet() gives classes by their numbers, in whatever order they stand", async () => {
  for (
    const [labels, wanted] of [
      [{ b: 2, background: 0, a: 1 }, ["background", "a", "b"]],
      [{ b: 30, background: 0, c: 4, a: 7 }, ["background", "c", "a", "b"]],
      [{ "a": 1, "background": 0 }, ["background", "a"]],
    ] as const
  ) {
    const { classes } = (await read({ ...second, labels }))!;
    assertEquals(classes.map(({ name }) => name), [...wanted]);
    const values: Readonly<Record<string, number>> = labels;
    for (const { name, value } of classes) assertEquals(value, values[name]);
  }
});

Deno.test("findNnUnet() gives the number that is ignored, which is no class", async () => {
  const labels = { background: 0, edema: [1], "non-enhancing, necrotic": 2 };
  const found = await read({ ...second, labels: { ...labels, ignore: 3 } });
  assertEquals(found?.ignored, 3);
  assertEquals(found?.classes.map(({ name }) => name), [
    ...["background", "edema", "non-enhancing  necrotic"],
  ]);
});

Deno.test("findNnUnet() leaves other programs' dataset.json alone", async () => {
  for (
    const json of [[], { labels: [1] }, { images: [], annotations: [] }, 5]
  ) assertEquals(await read(json), null);
});

/** What contradicts itself, or asks for what is not read here. */
const refused: readonly (readonly [json: unknown, words: string])[] = [
  [
    { ...second, labels: { background: 0, whole: [1, 2], core: 2 } },
    'label "whole" as a region of [1,2], expected a number per class',
  ],
  [{ ...second, labels: { background: 0, a: 1, b: 1 } }, "labels with 1 twice"],
  [{ ...second, labels: { background: 0, a: 1.5 } }, 'label "a" with 1.5'],
  [{ ...second, labels: { a: 1, b: 2 } }, 'no label "background" with 0'],
  [{ ...second, labels: { background: 1, a: 0 } }, "which is 0 in nnU-Net"],
  [{ ...second, labels: undefined }, "labels nothing"],
  [
    { ...second, labels: { background: 0, ignore: 1, a: 2 } },
    'label "ignore" with 1, expected a number above those of the classes',
  ],
  [{ ...second, channel_names: { 1: "T2" } }, 'channel_names without "0"'],
  [{ ...second, channel_names: {} }, "no channel"],
  [
    { ...second, modality: { 0: "T2" } },
    "channel_names and modality that differ",
  ],
  [{ ...second, file_ending: ".nii.gz" }, "images ending in .nii.gz"],
  [{ ...second, file_ending: 7 }, "file_ending 7"],
];

for (const [json, words] of refused) {
  Deno.test(`findNnUnet() refuses ${words}`, async () => {
    const error = await assertRejects(() => read(json), DatasetError);
    assertStringIncludes(error.message, words);
  });
}
