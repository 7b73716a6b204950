import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  addObjectClasses,
  countObjectClasses,
  noObjectClasses,
  scoreObjectClasses,
} from "./object_class_scores.ts";

const row = (...numbers: number[]) => ({
  ...{ width: numbers.length, height: 1 },
  data: Uint32Array.from(numbers),
});
const classed = (numbers: number[], classes: number[]) => ({
  labels: row(...numbers),
  classOf: (number: number) => classes[number - 1]!,
});

Deno.test("countObjectClasses() pairs objects that share more than half, and compares their classes", () => {
  const truth = classed([1, 1, 1, 0, 2, 2, 2, 2, 0, 3, 3], [1, 2, 1]);
  // The first is found, the second in halves, the third with another class.
  const found = classed([4, 4, 0, 0, 1, 1, 2, 2, 0, 3, 3], [2, 2, 2, 1]);
  const counts = countObjectClasses(truth, found, 3);
  assertEquals(counts, {
    matched: [[0, 0, 0], [0, 1, 1], [0, 0, 0]],
    truth: [0, 2, 1],
    predicted: [0, 1, 3],
  });
  const { accuracy, classes } = scoreObjectClasses(counts);
  assertEquals(accuracy, 1 / 2);
  assertAlmostEquals(classes[0]!.f1, 2 / 3);
  assertEquals([classes[0]!.precision, classes[0]!.recall], [1, 1 / 2]);
  assertEquals([classes[1]!.f1, classes[1]!.found], [0, 3]);
});

Deno.test("countObjectClasses() leaves out objects whose class is not known, and their partners", () => {
  const truth = classed([1, 1, 0, 2], [-1, 1]);
  const found = classed([1, 1, 0, 2], [1, 1]);
  assertEquals(countObjectClasses(truth, found, 2), {
    ...{ matched: [[0, 0], [0, 1]], truth: [0, 1], predicted: [0, 1] },
  });
});

Deno.test("scoreObjectClasses() of no objects is 1, and of the same objects 1", () => {
  assertEquals(scoreObjectClasses(noObjectClasses(2)).classes, [{
    ...{ f1: 1, precision: 1, recall: 1, objects: 0, found: 0 },
  }]);
  const numbers = fc.array(fc.nat(3), { minLength: 1, maxLength: 20 });
  const kinds = fc.array(fc.integer({ min: 1, max: 2 }), {
    ...{ minLength: 3, maxLength: 3 },
  });
  fc.assert(fc.property(numbers, kinds, (data, classes) => {
    const same = classed(data, classes);
    const counts = countObjectClasses(same, same, 3);
    const twice = addObjectClasses(counts, counts);
    for (const each of [counts, twice]) {
      const { accuracy, classes } = scoreObjectClasses(each);
      assertEquals(accuracy, data.some((own) => own > 0) ? 1 : null);
      for (const { f1 } of classes) assertEquals(f1, 1);
    }
  }));
});

Deno.test("scoreObjectClasses() of objects that none was found of is 0", () => {
  const truth = classed([1, 2], [1, 1]), none = classed([0, 0], []);
  const counts = countObjectClasses(truth, none, 2);
  const { accuracy, classes: [own] } = scoreObjectClasses(counts);
  assertEquals([accuracy, own!.f1, own!.precision, own!.recall], [
    null,
    ...[0, 0, 0],
  ]);
});

Deno.test("countObjectClasses() refuses images of different sizes", () => {
  assertThrows(
    () => countObjectClasses(classed([1], [1]), classed([1, 1], [1]), 2),
    RangeError,
    "found 2 pixels, expected 1",
  );
});
