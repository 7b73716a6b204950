import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { encodePng, readLabels, synthesize, unlabeled } from "@unet/data";
import { UnetError } from "@unet/errors";
import { writeObjects } from "@unet/infer/write-objects";
import { openPredictor } from "../predictions/open_predictor.ts";
import { saveObjects } from "../predictions/save_objects.ts";
import { segment } from "../segment.ts";
import { MaskMeasurer, tableOfMask } from "./mask_measurer.ts";

const size = { width: 150, height: 120 };
const [drawn] = synthesize({ count: 1, ...size, seed: 7 });

async function imageIn(folder: string): Promise<string> {
  const path = join(folder, "a.png");
  await Deno.writeFile(path, await encodePng(drawn!.image));
  return path;
}

Deno.test("MaskMeasurer gives a predicted mask the table that segment() writes, byte for byte", async () => {
  const folder = await Deno.makeTempDir(), path = await imageIn(folder);
  const choices = { model: "nuclei", device: "wasm" } as const;
  await segment([path], {
    ...{ ...choices, out: join(folder, "out"), formats: ["csv", "labels"] },
    // Filled holes do not count in an object's probability.
    ...{ threshold: 0.7, maximalHole: 100 },
  });
  await using predictor = await openPredictor(choices);
  const kept = await predictor.predict(path, join(folder, "kept"));
  const settings = { ...kept.info.settings, threshold: 0.7, maximalHole: 100 };
  const mask = join(folder, "a.tif"), table = join(folder, "a.csv");
  assert(await saveObjects(kept, mask, { settings }) > 3);
  await using measurer = await MaskMeasurer.open(path);
  const measured = await measurer.measure(await readLabels(mask, 2 ** 20), {
    prediction: { kept, threshold: 0.7 },
  });
  await writeObjects(table, "csv", { ...measured, name: "a.png" });
  assertEquals(
    await Deno.readTextFile(table),
    await Deno.readTextFile(join(folder, "out", "a.csv")),
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("MaskMeasurer measures a mask after edits as one that it never saw", async () => {
  const folder = await Deno.makeTempDir(), path = await imageIn(folder);
  const labels = drawn!.labels, edited = labels.data.slice();
  const [one, two] = [...new Set(labels.data)].filter((label) => label > 0);
  // An object grows, one is gone, one is new, and a region is unlabeled.
  for (let at = 0; at < edited.length; at++) {
    const x = at % size.width, y = Math.floor(at / size.width);
    if (edited[at] === one) edited[at] = 0;
    if (x < 20 && y < 9) edited[at] = two!;
    if (x > 140 && y > 110) edited[at] = 999;
    if (x < 5 && y > 115) edited[at] = unlabeled;
  }
  const after = { ...size, data: edited };
  const facts = {
    classNames: ["tumor", "stroma"],
    classes: new Map([[two!, "stroma"]]),
  };
  await using again = await MaskMeasurer.open(path);
  const before = await again.measure(labels);
  assertEquals(before.classes, undefined);
  const found = await again.measure(after, facts);
  await using anew = await MaskMeasurer.open(path);
  assertEquals(found, await anew.measure(after, facts));
  const { columns, rows } = tableOfMask(found);
  const cellOf = (label: number, column: string) =>
    rows.find(([id]) => id === label)?.[columns.indexOf(column)];
  assertEquals(cellOf(one!, "area_px"), undefined);
  assertEquals(cellOf(unlabeled, "area_px"), undefined);
  assertEquals([cellOf(999, "area_px"), cellOf(999, "class")], [
    ...[9 * 9, undefined],
  ]);
  assertEquals(cellOf(two!, "class"), "stroma");
  assertEquals(cellOf(two!, "probability"), undefined);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("MaskMeasurer refuses masks of another size, and those that would take too much", async () => {
  const folder = await Deno.makeTempDir(), path = await imageIn(folder);
  await using measurer = await MaskMeasurer.open(path);
  const other = { width: 3, height: 1, data: new Uint32Array(3) };
  await assertRejects(
    () => measurer.measure(other),
    UnetError,
    "found a mask of 3 × 1 pixels, expected the image's 150 × 120",
  );
  const side = 512;
  const large = join(folder, "large.png");
  const data = new Uint8Array(side * side);
  await Deno.writeFile(
    large,
    await encodePng({
      ...{ width: side, height: side, channels: 1, depth: 8, data },
    }),
  );
  await using bounded = await MaskMeasurer.open(large);
  const labels = {
    width: side,
    height: side,
    data: new Uint32Array(side ** 2),
  };
  // Each pixel is an object.
  labels.data.forEach((_, at) => labels.data[at] = at + 1);
  await assertRejects(
    () => bounded.measure(labels),
    UnetError,
    `found ${side * side} objects, expected at most 131072`,
  );
  // Objects of two pixels, each with a rectangle of nearly the whole image.
  labels.data.fill(0);
  for (let at = 0; at < 100; at++) {
    labels.data[at] = labels.data[side * side - 1 - at] = at + 1;
  }
  await assertRejects(
    () => bounded.measure(labels),
    UnetError,
    "found objects in parts far apart",
  );
  await Deno.remove(folder, { recursive: true });
});
