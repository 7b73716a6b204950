import { assertEquals, assertStrictEquals } from "@std/assert";
import { unlabeled } from "./class_target.ts";
import {
  unlabeledAsBackground,
  withoutUnlabeled,
} from "./unlabeled_as_background.ts";

const shape = { width: 3, height: 1 };
const sparse = { ...shape, data: Uint32Array.of(0, unlabeled, 7) };
const whole = { ...shape, data: Uint32Array.of(0, 0, 7) };

Deno.test("unlabeledAsBackground() makes background of what is not labeled, and leaves the rest", () => {
  assertEquals(unlabeledAsBackground(sparse), whole);
  assertEquals(sparse.data[1], unlabeled);
  assertStrictEquals(unlabeledAsBackground(whole), whole);
});

Deno.test("withoutUnlabeled() marks with −1 what is not labeled", () => {
  const truth = Uint8Array.of(0, 1, 1);
  assertEquals([...withoutUnlabeled(truth, sparse)], [0, -1, 1]);
  assertStrictEquals(withoutUnlabeled(truth, whole), truth);
});
