import { assertEquals, assertThrows } from "@std/assert";
import { ModelError } from "@unet/errors";
import { classTask, objectTask } from "@unet/task";
import { classHeadOf, findingOf } from "./class_head.ts";
import type { PredictedHead } from "./predict.ts";

const [classes] = classTask({ classes: ["background", "axon"] }).heads;
const [object] = objectTask().heads;

Deno.test("findingOf() goes by the heads: objects first, then classes", () => {
  assertEquals(findingOf([object!]), "objects");
  assertEquals(findingOf([classes!]), "classes");
  assertEquals(findingOf([classes!, object!]), "objects");
  assertEquals(classHeadOf([object!, classes!]), {
    name: "classes",
    classes: ["background", "axon"],
  });
  assertEquals(classHeadOf([object!]), undefined);
});

Deno.test("findingOf() refuses heads that find neither, such as a softmax without names", () => {
  const unnamed: PredictedHead = {
    ...{ name: "kind", channels: 3, activation: "softmax" },
  };
  assertEquals(classHeadOf([unnamed]), undefined);
  assertThrows(
    () => findingOf([unnamed]),
    ModelError,
    'Cannot segment with network of heads "kind": found none that finds ' +
      "objects or classes",
  );
});

Deno.test("classHeadOf() refuses more classes than a class map can number", () => {
  const names = Array.from({ length: 257 }, (_, number) => `class ${number}`);
  const { heads } = classTask({ classes: names });
  assertThrows(
    () => classHeadOf(heads),
    ModelError,
    'Cannot number the classes of head "classes": found 257 classes, expected ' +
      "at most 256",
  );
});
