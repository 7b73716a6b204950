import { assertAlmostEquals, assertEquals } from "@std/assert";
import { encodePng, openDataset } from "@unet/data";
import { writeFile } from "@unet/files";
import type { Predict } from "@unet/infer";
import reference from "../fixtures/class_scores.json" with { type: "json" };
import { evaluateClasses } from "./evaluate_classes.ts";

const names = ["background", "dark", "middle", "bright"];
const classes = names.map((name, value) => ({ name, value }));
/** Each of 48 pixels is a square of so many pixels, 8 in a row. */
const side = 4;
const size = { width: 8 * side, height: 6 * side } as const;

function enlarged(values: readonly number[], factor = 1): Uint8Array {
  return Uint8Array.from(
    { length: size.width * size.height },
    (_, at) => {
      const x = Math.floor(at % size.width / side);
      const y = Math.floor(at / size.width / side);
      return values[8 * y + x]! * factor;
    },
  );
}

/** Predicts the class whose number the gray value has, times 60. */
const predict: Predict = Object.assign(
  (x: Float32Array) =>
    Promise.resolve(Float32Array.from(
      { length: x.length / 3 * 4 },
      (_, at) =>
        Math.round(x[3 * (at >> 2)]! * 255 / 60) === at % 4 ? 0.7 : 0.1,
    )),
  {
    heads: [{
      ...{ name: "classes", channels: 4, activation: "softmax" } as const,
    }],
  },
);

async function scoresOf(
  images: readonly { readonly truth: number[]; readonly guess: number[] }[],
  ignore: readonly number[] = [],
) {
  const folder = await Deno.makeTempDir();
  const png = (data: Uint8Array) =>
    encodePng({ ...size, channels: 1, depth: 8, data });
  for (const [at, { truth, guess }] of images.entries()) {
    // Bright enough that nothing is stretched.
    const image = enlarged(guess, 60);
    await writeFile(`${folder}/images/${at}.png`, await png(image));
    const mask = enlarged(truth);
    await writeFile(`${folder}/masks/${at}.png`, await png(mask));
  }
  const dataset = await openDataset(folder);
  const own: number[] = [], unlabeled: string[] = [];
  const scores = await evaluateClasses({
    ...{ predict, head: "classes", classes: names, cases: dataset.cases },
    masks: { classes, ignore },
    onImage: () => {},
    onScored: ({ scores }) => own.push(scores.f1),
    onUnlabeled: (id) => unlabeled.push(id),
    onFault(error) {
      throw error;
    },
  });
  dataset.close();
  await Deno.remove(folder, { recursive: true });
  return { scores, own, unlabeled };
}

function meanOfObjects(values: readonly number[]): number {
  return values.slice(1).reduce((sum, one) => sum + one) / (values.length - 1);
}

Deno.test("evaluateClasses() gives scikit-learn's scores of classes", async () => {
  const { images, all } = reference;
  const { scores, own } = await scoresOf(images);
  assertEquals(scores.images, 3);
  for (const [at, name] of names.entries()) {
    for (const score of ["f1", "iou", "precision", "recall"] as const) {
      assertAlmostEquals(scores.classes[name]![score], all[score][at]!, 1e-12);
      assertAlmostEquals(scores.mean[score], meanOfObjects(all[score]), 1e-12);
    }
  }
  assertAlmostEquals(scores.accuracy, all.accuracy, 1e-12);
  assertEquals(
    scores.confusion,
    all.confusion.map((row) => row.map((pixels) => pixels * side * side)),
  );
  for (const [at, { f1 }] of images.entries()) {
    assertAlmostEquals(own[at]!, meanOfObjects(f1), 1e-12);
  }
  assertAlmostEquals(
    scores.perImage.f1,
    own.reduce((sum, one) => sum + one) / 3,
    1e-12,
  );
});

Deno.test("evaluateClasses() leaves out what is not labeled", async () => {
  const [image] = reference.images;
  const { truth, guess } = image!;
  // What is wrong is not labeled: all that counts is right.
  const sparse = truth.map((own, at) => own === guess[at] ? own : 9);
  const { scores } = await scoresOf([{ truth: sparse, guess }], [9]);
  assertEquals(scores.accuracy, 1);
  assertEquals(scores.mean.f1, 1);
  const labeled = scores.confusion.flat().reduce((sum, one) => sum + one);
  assertEquals(
    labeled,
    sparse.filter((own) => own !== 9).length * side * side,
  );
});

Deno.test("evaluateClasses() leaves out an image of which nothing is labeled", async () => {
  const [image] = reference.images;
  const { truth, guess } = image!;
  const empty = { truth: truth.map(() => 9), guess };
  const alone = await scoresOf([image!]);
  const both = await scoresOf([image!, empty], [9]);
  assertEquals(both.scores, alone.scores);
  assertEquals([both.own, both.unlabeled], [alone.own, ["1"]]);
});
