import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fixture from "../fixtures/metrics.json" with { type: "json" };
import { addBatch, noScores, summarizeScores } from "./pixel_scores.ts";

const { images } = fixture;
const prediction = new Float32Array(fixture.probabilities);
const target = new Float32Array(fixture.target);
const size = target.length / images;

Deno.test("summarizeScores() equals scikit-learn's scores of all pixels", () => {
  const scores = addBatch(noScores, { prediction, target, images });
  const { f1, iou, precision, recall } = summarizeScores(scores);
  assertAlmostEquals(f1, fixture.all.f1.zeroDivision0, 1e-12);
  assertAlmostEquals(iou, fixture.all.iou.zeroDivision0, 1e-12);
  assertAlmostEquals(precision, fixture.all.precision.zeroDivision0, 1e-12);
  assertAlmostEquals(recall, fixture.all.recall.zeroDivision0, 1e-12);
});

Deno.test("summarizeScores() averages scikit-learn's F1 of the images, 1 for empty on empty", () => {
  const scores = addBatch(noScores, { prediction, target, images });
  const own = fixture.perImage.map(({ f1 }) => f1.zeroDivision1);
  assertEquals(own[3], 1);
  assertAlmostEquals(
    summarizeScores(scores).f1PerImage,
    own.reduce((sum, score) => sum + score) / images,
    1e-12,
  );
});

Deno.test("addBatch() gives the same scores however the images are batched", () => {
  const whole = addBatch(noScores, { prediction, target, images });
  let parts = noScores;
  for (const [from, to] of [[0, 2], [2, 3], [3, 5]] as const) {
    parts = addBatch(parts, {
      prediction: prediction.subarray(from * size, to * size),
      target: target.subarray(from * size, to * size),
      images: to - from,
    });
  }
  assertEquals(parts, whole);
  assertEquals(noScores.images, 0);
});

Deno.test("addBatch() takes logits with threshold 0", () => {
  const logits = prediction.map((p) => Math.log(p / (1 - p)));
  assertEquals(
    addBatch(noScores, { prediction: logits, target, images, threshold: 0 }),
    addBatch(noScores, { prediction, target, images }),
  );
});

Deno.test("addBatch() throws when pixels and images do not fit", () => {
  for (const wrong of [3, 0, 0.5, -1, NaN]) {
    assertThrows(
      () => addBatch(noScores, { prediction, target, images: wrong }),
      RangeError,
      `found 200 predictions and 200 targets for ${wrong} images`,
    );
  }
  assertThrows(
    () =>
      addBatch(noScores, { prediction: prediction.slice(1), target, images }),
    RangeError,
    "found 199 predictions and 200 targets for 5 images",
  );
});
