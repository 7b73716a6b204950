/**
 * Random changes of images by name. Runs in a browser.
 *
 * @module
 */
import { cannot } from "@unet/errors";
import type { TransformOptions } from "./settings.ts";

/** A group of random changes that a person can name. */
export type Augmentation =
  | "flips"
  | "quarter-turns"
  | "rotation"
  | "scaling"
  | "elastic"
  | "gamma"
  | "contrast"
  | "brightness"
  | "erasing";

/** What a name switches on. */
const optionsOf: Readonly<
  Record<Augmentation, readonly (keyof TransformOptions)[]>
> = {
  flips: ["horizontalFlip", "verticalFlip"],
  "quarter-turns": ["quarterTurn"],
  rotation: ["rotation"],
  scaling: ["scaling"],
  elastic: ["elastic"],
  gamma: ["gamma"],
  contrast: ["contrast"],
  brightness: ["brightness"],
  erasing: ["erasing"],
};

/** All groups of random changes, in the order in which they are applied. */
export const augmentations: readonly Augmentation[] = Object.keys(
  optionsOf,
) as Augmentation[];

/** Those of the report, which `transform()` applies by default. */
export const reportAugmentations: readonly Augmentation[] = [
  "flips",
  "rotation",
  "elastic",
  "erasing",
];

/**
 * Makes the options of `transform()` that apply some changes and no others,
 * each of its usual range, to half of the tiles.
 *
 * @param names The changes; none leaves tiles as they are.
 * @param strength Multiplies how often each is applied: 0 never, 1 to half of
 * the tiles, 2 to all.
 * @returns The options, complete in what is on and off.
 * @throws {RangeError} If a name is unknown or the strength not within 0…2.
 *
 * @example
 * ```ts
 * import { transformOptionsOf } from "@unet/augment";
 * import { assertEquals } from "@std/assert";
 *
 * const options = transformOptionsOf(["rotation"], 1.5);
 * assertEquals(options.rotation, { probability: 0.75 });
 * assertEquals(options.elastic, { probability: 0 });
 * ```
 */
export function transformOptionsOf(
  names: readonly Augmentation[],
  strength = 1,
): TransformOptions {
  if (!(strength >= 0 && strength <= 2)) {
    throw new RangeError(cannot("augment with", "strength", String(strength), {
      found: String(strength),
      expected: "a number from 0 to 2",
    }));
  }
  const stranger = names.find((name) => !augmentations.includes(name));
  if (stranger !== undefined) {
    throw new RangeError(cannot("augment by", "change", stranger, {
      found: "no such change",
      expected: `one of ${augmentations.join(", ")}`,
    }));
  }
  return Object.fromEntries(
    augmentations.flatMap((name) =>
      optionsOf[name].map((option) => [
        option,
        { probability: names.includes(name) ? strength / 2 : 0 },
      ])
    ),
  );
}
