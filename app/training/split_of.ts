import { type CachedCase, type Split, splitDataset } from "@unet/data";
import { cannot, count, DatasetError } from "@unet/errors";
import type { Roles } from "../sources/read_roles.ts";
import { splitByRoles } from "../sources/split_by_roles.ts";
import { describeData } from "../settings/data_sources.ts";
import type { TrainSettings } from "../settings/train_settings.ts";

/** How many other splits are looked at for one that suits. */
const otherSeeds = 100;

/**
 * Splits the images that settings train on, and makes sure that a network can
 * learn from the parts and be judged by them.
 *
 * @param settings The settings.
 * @param cases The images.
 * @param roles The roles of the images, where they decide the split.
 * @returns Which images train, validate and test.
 * @throws {DatasetError} If there are too few images, if the masks of training or
 * validation hold no object or lack a class, or those of training hold nothing
 * but objects; with a remedy that works.
 */
export function splitOf(
  settings: TrainSettings,
  cases: readonly CachedCase[],
  roles: Roles | null = null,
): Split {
  const { seed, splitSeed } = settings;
  if (!roles) requireEnough(settings, cases);
  const split = roles
    ? splitByRoles(settings, roles, cases)
    : splitWith(settings, cases, splitSeed ?? seed);
  const lack = lackOf(settings, split, cases);
  if (lack === undefined) {
    if (settings.classes === null) requireBackground(settings, cases, split);
    return split;
  }
  const withIt = cases.filter(lack.has).length;
  const place = describeData(settings.data);
  if (withIt === 0) {
    throw new DatasetError(
      cannot("train on", "images", place, {
        found: `no ${lack.what} in any training mask: ` +
          (lack.isOfClass
            ? `none of ${count(cases.length, "image")} has it`
            : `all masks of ${count(cases.length, "image")} are empty`),
        expected: lack.isOfClass
          ? "masks with each of the classes"
          : "masks that are not all background",
        remedy: lack.isOfObjects
          ? "name the classes that objects have as `objectClasses`, or leave " +
            "them aside with `objectClasses off`"
          : "`check` lists what each mask holds",
      }),
    );
  }
  const part = lack.part === "train" ? "training" : "validation";
  const suited = roles ? undefined : seedThatSuits(settings, cases);
  throw new DatasetError(
    cannot("train on", "images", place, {
      found: `no ${lack.what} in any ${part} mask, of ` +
        `${count(split[lack.part].length, "image")}`,
      expected: lack.isOfClass
        ? "each class to learn from and to judge by"
        : "objects to learn from and objects to judge by",
      remedy: roles
        ? `give an image that has ${
          lack.isOfClass ? "it" : "objects"
        } that role in ${roles.path}`
        : suited === undefined
        ? `only ${count(withIt, "image")} of ${cases.length} ` +
          `${withIt === 1 ? "has" : "have"} ` +
          `${lack.isOfClass ? "it" : "objects"}: add images that do` +
          (lack.isOfObjects
            ? ", or leave classes aside with `objectClasses off`"
            : "")
        : `\`splitSeed ${suited}\` splits them otherwise`,
    }),
  );
}

function splitWith(
  { validation, test }: TrainSettings,
  cases: readonly CachedCase[],
  seed: number,
): Split {
  return splitDataset(cases, { validation: validation!, test, seed });
}

/** One image cannot both train and validate. */
function requireEnough(
  { data, modality, validation, test }: TrainSettings,
  cases: readonly CachedCase[],
): void {
  const parts = [
    "one to train on",
    ...validation === 0 ? [] : ["one to validate on"],
    ...test > 0 ? ["one to test on"] : [],
  ];
  const least = parts.length;
  if (cases.length >= least) return;
  const chosen = modality === null ? "" : ` of ${modality.join(" or ")}`;
  throw new DatasetError(
    cannot("train on", "images", describeData(data), {
      found: `${count(cases.length, "image")}${chosen}`,
      expected: `at least ${least}: ${parts.join(", ")}`,
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
    cannot("train on", "images", describeData(data), {
      found: "objects on every pixel of every training mask, of " +
        count(train.length, "image"),
      expected: "background between them",
      remedy: "if the background has its own number, name it with " +
        "`background`",
    }),
  );
}

/** What a part of a split lacks. */
interface Lack {
  /** The part. */
  readonly part: "train" | "validation";
  /** What none of its masks holds, in words. */
  readonly what: string;
  /** Whether that is a class, and not objects as such. */
  readonly isOfClass: boolean;
  /** Whether that is a class of objects. */
  readonly isOfObjects?: boolean;
  /** Whether an image's mask holds it. */
  has(one: CachedCase): boolean;
}

/** What a part lacks to learn from or to judge by: objects, or a class. */
function lackOf(
  { classes, objectClasses }: TrainSettings,
  split: Split,
  cases: readonly CachedCase[],
): Lack | undefined {
  const wanted = classes === null
    ? [
      {
        ...{ what: "object", isOfClass: false },
        has: ({ foreground }: CachedCase) => foreground > 0,
      },
      ...(objectClasses ?? []).map((name, at) => ({
        what: `object of class "${name}"`,
        ...{ isOfClass: true, isOfObjects: true },
        has: (one: CachedCase) => one.objectClasses?.includes(at + 1) ?? false,
      })),
    ]
    : classes.map(({ name }, at) => ({
      ...{ what: `pixel of class "${name}"`, isOfClass: true },
      has: ({ classPixels }: CachedCase) => (classPixels?.[at] ?? 0) > 0,
    }));
  for (const part of partsWith(split)) {
    const ids = new Set(split[part]);
    const own = cases.filter(({ id }) => ids.has(id));
    const missing = wanted.find(({ has }) => !own.some(has));
    if (missing) return { part, ...missing };
  }
  return undefined;
}

/** The parts that have to hold what is learned; none may be held out. */
function partsWith({ validation }: Split): ("train" | "validation")[] {
  return validation.length > 0 ? ["train", "validation"] : ["train"];
}

/** The first seed whose split lacks nothing. */
function seedThatSuits(
  settings: TrainSettings,
  cases: readonly CachedCase[],
): number | undefined {
  return Array.from({ length: otherSeeds }, (_, seed) => seed)
    .find((seed) => !lackOf(settings, splitWith(settings, cases, seed), cases));
}
