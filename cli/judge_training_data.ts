import type { CachedCase, Fault, Split } from "@unet/data";
import { cannot, count, DatasetError } from "@unet/errors";

/** From this share of its pixels on, an image is all foreground. */
const everything = 0.999;

/**
 * Refuses images that no network can learn from, and finds what makes their
 * scores mean little.
 *
 * @param data What messages call the dataset.
 * @param cases The images.
 * @param split Which of them train and validate.
 * @returns What is to be said, and trained on all the same.
 * @throws {DatasetError} If no training mask has an object, or all of them have
 * objects on every pixel.
 */
export function judgeTrainingData(
  data: string,
  cases: readonly CachedCase[],
  split: Split,
): Fault[] {
  const byId = new Map(cases.map((one) => [one.id, one]));
  const pick = (ids: readonly string[]) => ids.map((id) => byId.get(id)!);
  const training = pick(split.train), validation = pick(split.validation);
  const refuse = (found: string, expected: string, remedy: string) =>
    new DatasetError(cannot("train on", "dataset", data, {
      found,
      expected,
      remedy,
    }));
  if (training.every(({ nuclei }) => nuclei === 0)) {
    throw refuse(
      "no object in any training mask " +
        `(${count(training.length, "mask")}, black or nearly so)`,
      "at least one object",
      "unet check DATA lists what is wrong with the masks",
    );
  }
  if (training.every(({ foreground }) => foreground >= everything)) {
    throw refuse(
      `objects on every pixel of every training mask (${
        count(training.length, "mask")
      })`,
      "background too",
      "if it has a number of its own, name it with --background",
    );
  }
  if (validation.some(({ nuclei }) => nuclei > 0)) return [];
  return [{
    kind: "empty-validation",
    severity: "warning",
    message: cannot("validate on", "dataset", data, {
      found: `no object in any of ${
        count(validation.length, "validation mask")
      }`,
      expected: "at least one object",
      remedy: "F1 means nothing then; try another --split-seed, or add images",
    }),
  }];
}
