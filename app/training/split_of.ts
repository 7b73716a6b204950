import { type CachedCase, type Split, splitDataset } from "@unet/data";
import { cannot, count, DatasetError } from "@unet/errors";
import type { TrainSettings } from "../settings/train_settings.ts";

/** How many other splits are looked at for one that suits. */
const otherSeeds = 100;

/**
 * Splits the images that settings train on, and makes sure that a network can
 * learn from the parts and be judged by them.
 *
 * @param settings The settings.
 * @param cases The images.
 * @returns Which images train, validate and test.
 * @throws {DatasetError} If there are too few images, the masks of training or
 * validation hold no object, or those of training nothing else; with a remedy
 * that works.
 */
export function splitOf(
  settings: TrainSettings,
  cases: readonly CachedCase[],
): Split {
  const { seed, splitSeed } = settings;
  requireEnough(settings, cases);
  const split = splitWith(settings, cases, splitSeed ?? seed);
  const empty = emptyPart(split, cases);
  if (empty === undefined) {
    requireBackground(settings, cases, split);
    return split;
  }
  const withObjects = cases.filter(({ nuclei }) => nuclei > 0).length;
  const place = settings.data ?? "drawn";
  if (withObjects === 0) {
    throw new DatasetError(
      cannot("train on", "images", place, {
        found: "no object in any training mask: " +
          `${count(cases.length, "mask")} of ${count(cases.length, "image")} ` +
          "are empty",
        expected: "masks that are not all background",
        remedy: "`check` lists what each mask holds",
      }),
    );
  }
  const part = empty === "train" ? "training" : "validation";
  const suited = seedThatSuits(settings, cases);
  throw new DatasetError(
    cannot("train on", "images", place, {
      found: `no object in any ${part} mask, of ` +
        `${count(split[empty].length, "image")}`,
      expected: "objects to learn from and objects to judge by",
      remedy: suited === undefined
        ? `only ${count(withObjects, "image")} of ${cases.length} ` +
          `${withObjects === 1 ? "has" : "have"} objects: add images that do`
        : `\`splitSeed ${suited}\` splits them otherwise`,
    }),
  );
}

function splitWith(
  { validation, test }: TrainSettings,
  cases: readonly CachedCase[],
  seed: number,
): Split {
  return splitDataset(cases, { validation, test, seed });
}

/** One image cannot both train and validate. */
function requireEnough(
  { data, modality, test }: TrainSettings,
  cases: readonly CachedCase[],
): void {
  const least = test > 0 ? 3 : 2;
  if (cases.length >= least) return;
  const chosen = modality === null ? "" : ` of ${modality.join(" or ")}`;
  throw new DatasetError(
    cannot("train on", "images", data ?? "drawn", {
      found: `${count(cases.length, "image")}${chosen}`,
      expected: `at least ${least}: one to train on, one to validate on` +
        `${test > 0 ? ", one to test on" : ""}`,
      remedy: cases.length === 2
        ? "leave `test` out, or add images"
        : "add images, or cut the image and its mask into two parts with " +
          "objects in both",
    }),
  );
}

/** From this share of its pixels on, a mask is all foreground. */
const everything = 0.999;

/** Where every pixel is object, nothing separates objects from the rest. */
function requireBackground(
  { data }: TrainSettings,
  cases: readonly CachedCase[],
  { train }: Split,
): void {
  const ids = new Set(train);
  const hasBackground = cases.some(({ id, foreground }) =>
    ids.has(id) && foreground < everything
  );
  if (hasBackground) return;
  throw new DatasetError(
    cannot("train on", "images", data ?? "drawn", {
      found: "objects on every pixel of every training mask, of " +
        count(train.length, "image"),
      expected: "background between them",
      remedy: "if the background has a number of its own, name it with " +
        "`background`",
    }),
  );
}

/** The part that has images, but no object in their masks. */
function emptyPart(
  split: Split,
  cases: readonly CachedCase[],
): "train" | "validation" | undefined {
  const filled = new Set(
    cases.filter(({ nuclei }) => nuclei > 0).map(({ id }) => id),
  );
  return (["train", "validation"] as const)
    .find((part) => !split[part].some((id) => filled.has(id)));
}

/** The first seed whose split has objects in both parts. */
function seedThatSuits(
  settings: TrainSettings,
  cases: readonly CachedCase[],
): number | undefined {
  return Array.from({ length: otherSeeds }, (_, seed) => seed)
    .find((seed) => !emptyPart(splitWith(settings, cases, seed), cases));
}
