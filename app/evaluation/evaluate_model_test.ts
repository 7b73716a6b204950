import { assertEquals, assertRejects } from "@std/assert";
import { encodePng, type MaskOptions, openDataset } from "@unet/data";
import { writeFile } from "@unet/files";
import type { Predict } from "@unet/infer";
import { noInstanceErrors } from "@unet/train";
import { evaluateModel, type ImageScores } from "./evaluate_model.ts";
import type { ScoredImage } from "./scored_image.ts";

/** A white bar and a white dot on black: 12 squares of 16 pixels in two parts. */
const squares = [
  [0, 0, 0, 0, 0, 0, 0, 0],
  [0, 1, 1, 1, 1, 1, 0, 0],
  [0, 1, 1, 1, 1, 1, 0, 0],
  [0, 0, 0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 1, 1],
  [0, 0, 0, 0, 0, 0, 0, 0],
];
const size = { width: 32, height: 24 } as const;

const black = (): Uint8Array => new Uint8Array(32 * 24);
const picture = black().map((_, at) =>
  255 * squares[Math.floor(at / 128)]![Math.floor(at % 32 / 4)]!
);

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
  reading: MaskOptions = {},
) {
  const dataset = await datasetOf(masks);
  const faults: string[] = [],
    progress: string[] = [],
    unlabeled: string[] = [];
  const scores = await evaluateModel({
    predict,
    cases: dataset.cases,
    ...{ threshold, masks: reading },
    signal: new AbortController().signal,
    onImage: (done, all) => progress.push(`${done}/${all}`),
    onFault: ({ message }) => faults.push(message),
    onUnlabeled: (id) => unlabeled.push(id),
  });
  dataset.close();
  return { scores, faults, progress, unlabeled };
}

const averagePrecisions = (value: number) =>
  Object.fromEntries(
    [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9].map((
      iou,
    ) => [iou, value]),
  );
const perfect = {
  ap50: 1,
  f1: 1,
  precision: 1,
  recall: 1,
  panopticQuality: 1,
  aggregatedJaccard: 1,
  meanAveragePrecision: 1,
  averagePrecisions: averagePrecisions(1),
  errors: noInstanceErrors,
};

Deno.test("evaluateModel() gives full marks to a network that is right", async () => {
  const { scores, progress } = await scoresOf(
    { a: picture, b: picture },
    bright,
  );
  const part = {
    images: 2,
    pixels: { f1: 1, iou: 1, precision: 1, recall: 1 },
    perImage: { f1: 1 },
    instances: perfect,
  };
  assertEquals(scores, { ...part, modalities: { fluorescence: part } });
  assertEquals(progress, ["0/2", "1/2"]);
});

Deno.test("evaluateModel() sums pixels over images, and means F1 over them", async () => {
  const { scores } = await scoresOf({ a: picture, b: black() }, bright);
  // The second image has 12 squares and 2 instances too many.
  assertEquals(scores.pixels, {
    f1: 24 / 36,
    iou: 12 / 24,
    precision: 12 / 24,
    recall: 1,
  });
  assertEquals(scores.perImage, { f1: 0.5 });
  assertEquals(scores.instances, {
    ap50: 2 / 4,
    f1: 4 / 6,
    precision: 2 / 4,
    recall: 1,
    panopticQuality: 4 / 6,
    // A mean of the images.
    aggregatedJaccard: 0.5,
    meanAveragePrecision: 0.5,
    averagePrecisions: averagePrecisions(0.5),
    errors: {
      ...noInstanceErrors,
      prediction: { ...noInstanceErrors.prediction, false: 2 },
    },
  });
});

Deno.test("evaluateModel() counts an image without objects as right where none are predicted", async () => {
  const { scores } = await scoresOf({ a: picture, b: black() }, none);
  assertEquals(scores.pixels.f1, 0);
  assertEquals(scores.perImage.f1, 0.5);
  assertEquals([scores.instances!.ap50, scores.instances!.f1], [0, 0]);
  const { scores: empty } = await scoresOf({ a: black() }, none);
  assertEquals(empty.pixels, { f1: 1, iou: 1, precision: 1, recall: 1 });
  assertEquals(empty.perImage.f1, 1);
});

Deno.test("evaluateModel() takes a mask without gaps for one instance", async () => {
  const { scores } = await scoresOf({ a: picture }, all);
  assertEquals(scores.pixels.precision, 12 / 48);
  assertEquals(scores.pixels.recall, 1);
  // One instance is predicted, and overlaps neither by half.
  assertEquals([scores.instances!.ap50, scores.instances!.f1], [0, 0]);
  assertEquals(scores.instances!.aggregatedJaccard, 12 / (2 * 48));
});

Deno.test("evaluateModel() separates nuclei that touch, and scores each way of imaging", async () => {
  const width = 64, height = 32;
  const discs = Uint8Array.from({ length: width * height }, (_, at) => {
    const x = at % width, y = Math.floor(at / width);
    if (Math.hypot(x - 20, y - 15) < 11) return 1;
    return Math.hypot(x - 41, y - 15) < 11 ? 2 : 0;
  });
  const folder = await Deno.makeTempDir();
  const write = async (path: string, data: Uint8Array) => {
    const image = { width, height, channels: 1, depth: 8, data } as const;
    await writeFile(`${folder}/${path}`, await encodePng(image));
  };
  await write("images/dark.png", discs.map((label) => label && 250));
  await write("masks/dark.png", discs);
  await write("images/light.png", discs.map((label) => label ? 250 : 240));
  await write("masks/light.png", discs);
  const dataset = await openDataset(folder);
  const images: ScoredImage<ImageScores>[] = [];
  const { instances, modalities, bestThreshold } = await evaluateModel({
    predict: bright,
    cases: dataset.cases,
    threshold: 0.96,
    findThreshold: true,
    signal: new AbortController().signal,
    onImage: () => {},
    onScored: (image) => images.push(image),
    onFault: () => {},
  });
  dataset.close();
  assertEquals(instances!.recall, 1);
  assertEquals(Object.keys(modalities), ["brightfield", "fluorescence"]);
  assertEquals(modalities.brightfield!.images, 1);
  assertEquals(modalities.fluorescence!.instances!.f1, 1);
  assertEquals(modalities.fluorescence!.pixels.f1, 1);
  assertEquals(modalities.fluorescence!.perImage.f1, 1);
  // The bright background is 240 of 255.
  assertEquals(bestThreshold, { threshold: 0.95, f1: 1 });
  assertEquals(images.map(({ scores }) => scores), [
    ...(["fluorescence", "brightfield"] as const).map((modality, at) => ({
      id: ["dark", "light"][at]!,
      modality,
      f1: 1,
      ap50: 1,
      objects: 2,
      found: 2,
    })),
  ]);
  assertEquals(images[0]!.sample.labels.data, Uint32Array.from(discs));
  assertEquals(images[0]!.prediction.data.length, width * height);
  await Deno.remove(folder, { recursive: true });
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

Deno.test("evaluateModel() reports a case that cannot be read, and scores the others", async () => {
  const { scores, faults } = await scoresOf(
    { a: picture, b: "no image", c: picture },
    bright,
  );
  assertEquals(scores.images, 2);
  assertEquals(scores.pixels.f1, 1);
  assertEquals(faults.length, 1);
});

Deno.test("evaluateModel() leaves out an image of which nothing is labeled", async () => {
  const ignored = black().fill(7), reading = { ignore: [7] };
  const alone = await scoresOf({ a: picture }, none, 0.5, reading);
  const both = await scoresOf({ a: picture, b: ignored }, none, 0.5, reading);
  assertEquals(both.scores, alone.scores);
  assertEquals([both.scores.images, both.scores.perImage.f1], [1, 0]);
  assertEquals(both.unlabeled, ["b"]);
});

Deno.test("evaluateModel() ends with the signal's reason", async () => {
  const dataset = await datasetOf({ a: picture });
  const reason = new Error("enough");
  const error = await assertRejects(() =>
    evaluateModel({
      predict: bright,
      cases: dataset.cases,
      window: { context: "reflect" },
      threshold: 0.5,
      signal: AbortSignal.abort(reason),
      onImage: () => {},
      onFault: () => {},
    })
  );
  dataset.close();
  assertEquals(error, reason);
});

Deno.test("evaluateModel() brings images to the size that the network learned, and says so of each", async () => {
  const dataset = await datasetOf({ a: picture });
  const sides: number[] = [];
  const predict: Predict = (x, shape) => {
    sides.push(shape[1], shape[2]);
    return bright(x, shape);
  };
  const scores = await evaluateModel({
    ...{ predict, cases: dataset.cases, threshold: 0.5 },
    instances: { minimalArea: 0 },
    window: { tile: 64, margin: 0, multiple: 4 },
    diameter: { wanted: 16, low: 4, median: 8, high: 8 },
    onImage() {},
    onFault(error) {
      throw error;
    },
  });
  await dataset.close();
  assertEquals(sides, [12, 16]);
  assertEquals(scores.diameters, [{ id: "a", diameter: 16, scale: 0.5 }]);
  assertEquals(scores.images, 1);
  // Squares of 4 pixels stay squares in half the size.
  assertEquals(scores.pixels.recall > 0.9, true);
});
