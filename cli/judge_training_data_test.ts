import { assertEquals, assertThrows } from "@std/assert";
import type { CachedCase } from "@unet/data";
import { DatasetError } from "@unet/errors";
import { judgeTrainingData } from "./judge_training_data.ts";

function caseOf(
  id: string,
  nuclei: number,
  foreground: number,
): CachedCase {
  const size = { width: 8, height: 8, path: `${id}.case` };
  const modality = "fluorescence";
  return { id, ...size, modality, nuclei, foreground, content: id };
}

const good = caseOf("good", 5, 0.2), black = caseOf("black", 0, 0);
const full = caseOf("full", 1, 1), other = caseOf("other", 2, 0.1);
const cases = [good, black, full, other];

const judge = (train: CachedCase[], validation: CachedCase[]) =>
  judgeTrainingData("plates.zip", cases, {
    train: train.map(({ id }) => id),
    validation: validation.map(({ id }) => id),
    test: [],
  });

Deno.test("judgeTrainingData() passes images of which some have objects", () => {
  assertEquals(judge([good, black, full], [other]), []);
});

Deno.test("judgeTrainingData() refuses training masks without an object", () => {
  assertThrows(
    () => judge([black], [good]),
    DatasetError,
    'Cannot train on dataset "plates.zip": found no object in any training mask (1 mask, black or nearly so), expected at least one object; unet check DATA lists what is wrong with the masks',
  );
});

Deno.test("judgeTrainingData() refuses training masks that are all foreground", () => {
  assertThrows(
    () => judge([full, full], [good]),
    DatasetError,
    'Cannot train on dataset "plates.zip": found objects on every pixel of every training mask (2 masks), expected background too; if it has a number of its own, name it with --background',
  );
});

Deno.test("judgeTrainingData() warns of validation masks without an object", () => {
  assertEquals(judge([good], [black]), [{
    kind: "empty-validation",
    severity: "warning",
    message:
      'Cannot validate on dataset "plates.zip": found no object in any of 1 validation mask, expected at least one object; F1 means nothing then; try another --split-seed, or add images',
  }]);
});
