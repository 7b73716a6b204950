import { assertEquals, assertRejects } from "@std/assert";
import { encodePng, openDataset } from "@unet/data";
import { writeFile } from "@unet/files";
import type { Predict } from "@unet/infer";
import { evaluateModel, type ModelScores } from "./evaluate_model.ts";

/** A white bar and a white dot on black: 12 pixels in two parts. */
const pixels = [
  [0, 0, 0, 0, 0, 0, 0, 0],
  [0, 1, 1, 1, 1, 1, 0, 0],
  [0, 1, 1, 1, 1, 1, 0, 0],
  [0, 0, 0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 1, 1],
  [0, 0, 0, 0, 0, 0, 0, 0],
];
const size = { width: 8, height: 6 } as const;

const black = (): Uint8Array => new Uint8Array(48);
const picture = Uint8Array.from(pixels.flat(), (value) => 255 * value);

/** Masks by name; the image that each is of shows the bar and the dot. */
async function datasetOf(masks: Record<string, Uint8Array | string>) {
  const folder = await Deno.makeTempDir();
  const png = (data: Uint8Array) =>
    encodePng({ ...size, channels: 1, depth: 8, data });
  for (const [name, mask] of Object.entries(masks)) {
    await writeFile(`${folder}/images/${name}.png`, await png(picture));
    const content = typeof mask === "string" ? mask : await png(mask);
    await writeFile(`${folder}/masks/${name}.png`, content);
  }
  return await openDataset(folder);
}

/** Takes bright pixels for objects. */
const bright: Predict = (x) =>
  Promise.resolve(x.filter((_, at) => at % 3 === 0));
const all: Predict = (x) =>
  Promise.resolve(new Float32Array(x.length / 3).fill(1));
const none: Predict = (x) => Promise.resolve(new Float32Array(x.length / 3));

async function scoresOf(
  masks: Record<string, Uint8Array | string>,
  predict: Predict,
  threshold = 0.5,
): Promise<{ scores: ModelScores; faults: string[]; told: string[] }> {
  const dataset = await datasetOf(masks);
  const faults: string[] = [], told: string[] = [];
  const scores = await evaluateModel({
    predict,
    cases: dataset.cases,
    context: "neighbors",
    threshold,
    signal: new AbortController().signal,
    onImage: (done, all) => told.push(`${done}/${all}`),
    onFault: ({ message }) => faults.push(message),
  });
  dataset.close();
  return { scores, faults, told };
}

Deno.test("evaluateModel() gives full marks to a network that is right", async () => {
  const { scores, told } = await scoresOf({ a: picture, b: picture }, bright);
  assertEquals(scores, {
    images: 2,
    pixels: { f1: 1, iou: 1, precision: 1, recall: 1 },
    perImage: { f1: 1 },
    instances: { ap50: 1, f1: 1 },
  });
  assertEquals(told, ["0/2", "1/2"]);
});

Deno.test("evaluateModel() sums pixels over images, and means F1 over them", async () => {
  const { scores } = await scoresOf({ a: picture, b: black() }, bright);
  // The second image has 12 pixels and 2 instances too many.
  assertEquals(scores.pixels, {
    f1: 24 / 36,
    iou: 12 / 24,
    precision: 12 / 24,
    recall: 1,
  });
  assertEquals(scores.perImage, { f1: 0.5 });
  assertEquals(scores.instances, { ap50: 2 / 4, f1: 4 / 6 });
});

Deno.test("evaluateModel() counts an image without objects as right where none are predicted", async () => {
  const { scores } = await scoresOf({ a: picture, b: black() }, none);
  assertEquals(scores.pixels.f1, 0);
  assertEquals(scores.perImage.f1, 0.5);
  assertEquals(scores.instances, { ap50: 0, f1: 0 });
  const { scores: empty } = await scoresOf({ a: black() }, none);
  assertEquals(empty.pixels, { f1: 1, iou: 1, precision: 1, recall: 1 });
  assertEquals(empty.perImage.f1, 1);
});

Deno.test("evaluateModel() takes the connected parts of a mask for instances", async () => {
  const { scores } = await scoresOf({ a: picture }, all);
  assertEquals(scores.pixels.precision, 12 / 48);
  assertEquals(scores.pixels.recall, 1);
  // One instance is predicted, and overlaps neither by half.
  assertEquals(scores.instances, { ap50: 0, f1: 0 });
});

Deno.test("evaluateModel() takes what is above the threshold", async () => {
  const half: Predict = (x) =>
    Promise.resolve(
      Float32Array.from(x.filter((_, at) => at % 3 === 0), (v) => v / 2),
    );
  const above = await scoresOf({ a: picture }, half, 0.4);
  assertEquals(above.scores.pixels.f1, 1);
  const at = await scoresOf({ a: picture }, half, 0.5);
  assertEquals(at.scores.pixels.f1, 0);
});

Deno.test("evaluateModel() tells of a case that cannot be read, and scores the others", async () => {
  const { scores, faults } = await scoresOf(
    { a: picture, b: "no image", c: picture },
    bright,
  );
  assertEquals(scores.images, 2);
  assertEquals(scores.pixels.f1, 1);
  assertEquals(faults.length, 1);
});

Deno.test("evaluateModel() ends with the signal's reason", async () => {
  const dataset = await datasetOf({ a: picture });
  const reason = new Error("enough");
  const error = await assertRejects(() =>
    evaluateModel({
      predict: bright,
      cases: dataset.cases,
      context: "reflect",
      threshold: 0.5,
      signal: AbortSignal.abort(reason),
      onImage: () => {},
      onFault: () => {},
    })
  );
  dataset.close();
  assertEquals(error, reason);
});
