import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  addClassBatch,
  noClassScores,
  summarizeClasses,
} from "./class_scores.ts";
import { f1, iou } from "./metrics.ts";
import { summarizeScores } from "./pixel_scores.ts";

const classes = 3;

/** A one in the channel of each number; -1 is no class. */
function oneHot(numbers: readonly number[]): Uint8Array {
  return Uint8Array.from(
    numbers.flatMap((own) =>
      Array.from({ length: classes }, (_, one) => one === own ? 1 : 0)
    ),
  );
}

const score = (decided: readonly number[], truth: readonly number[]) =>
  addClassBatch(noClassScores(classes), {
    ...{ prediction: oneHot(decided), target: oneHot(truth) },
    ...{ classes, images: 1 },
  });

Deno.test("addClassBatch() counts each class as the sets of its pixels do", () => {
  const number = fc.integer({ min: 0, max: classes - 1 });
  const pixel = fc.tuple(number, fc.integer({ min: -1, max: classes - 1 }));
  fc.assert(fc.property(fc.array(pixel, { minLength: 1 }), (pixels) => {
    const decided = pixels.map(([own]) => own);
    const truth = pixels.map(([, own]) => own);
    const scores = score(decided, truth);
    for (let own = 0; own < classes; own++) {
      const known = pixels.filter(([, truth]) => truth >= 0);
      const both = known.filter((one) => one.every((n) => n === own)).length;
      const either = known.filter((one) => one.includes(own)).length;
      const { counts } = scores[own]!;
      assertEquals(counts.truePositive, both);
      assertAlmostEquals(iou(counts), either === 0 ? 1 : both / either, 1e-12);
      assertAlmostEquals(
        f1(counts),
        either === 0 ? 1 : 2 * both / (both + either),
        1e-12,
      );
    }
  }));
});

Deno.test("summarizeClasses() is the mean over classes, without the background", () => {
  const scores = score([0, 0, 1, 1, 2], [0, 1, 1, 1, -1]);
  const axon = summarizeScores(scores[1]!),
    myelin = summarizeScores(scores[2]!);
  assertAlmostEquals(axon.f1, 0.8, 1e-12);
  // Nowhere in the ground truth, and decided for only where nobody knows.
  assertEquals(myelin.f1, 1);
  assertAlmostEquals(summarizeClasses(scores).f1, 0.9, 1e-12);
  assertAlmostEquals(summarizeClasses(scores).iou, (2 / 3 + 1) / 2, 1e-12);
});

Deno.test("addClassBatch() refuses decisions of another size", () => {
  assertThrows(
    () =>
      addClassBatch(noClassScores(classes), {
        ...{ prediction: oneHot([1]), target: oneHot([1, 2]) },
        ...{ classes, images: 1 },
      }),
    RangeError,
  );
});
