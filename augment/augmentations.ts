/**
 * Random changes of images by name. Runs in a browser.
 *
 * @module
 */
import { cannot } from "@unet/errors";
import type { TransformOptions } from "./settings.ts";

/** A group of random changes that a person can name. */
export type Augmentation =
  | "paste"
  | "flips"
  | "quarter-turns"
  | "rotation"
  | "scaling"
  | "elastic"
  | "object-contrast"
  | "hed"
  | "hue"
  | "channel-shuffle"
  | "gray"
  | "invert"
  | "local-contrast"
  | "strong-gamma"
  | "gamma"
  | "contrast"
  | "brightness"
  | "uneven-light"
  | "blur"
  | "noise"
  | "jpeg"
  | "erasing";

/** What a name switches on, and for what share of the tiles. */
interface Group {
  readonly options: readonly (keyof TransformOptions)[];
  /** At most 0.5, so that twice as often is possible. */
  readonly share: number;
}

const groups: Readonly<Record<Augmentation, Group>> = {
  paste: { options: ["paste"], share: 0.3 },
  flips: { options: ["horizontalFlip", "verticalFlip"], share: 0.5 },
  "quarter-turns": { options: ["quarterTurn"], share: 0.5 },
  rotation: { options: ["rotation"], share: 0.5 },
  scaling: { options: ["scaling"], share: 0.5 },
  elastic: { options: ["elastic"], share: 0.5 },
  "object-contrast": { options: ["objectContrast"], share: 0.3 },
  hed: { options: ["hed"], share: 0.5 },
  hue: { options: ["hue"], share: 0.3 },
  "channel-shuffle": { options: ["channelShuffle"], share: 0.1 },
  gray: { options: ["gray"], share: 0.1 },
  invert: { options: ["invert"], share: 0.1 },
  "local-contrast": { options: ["localContrast"], share: 0.2 },
  "strong-gamma": { options: ["strongGamma"], share: 0.3 },
  gamma: { options: ["gamma"], share: 0.5 },
  contrast: { options: ["contrast"], share: 0.5 },
  brightness: { options: ["brightness"], share: 0.5 },
  "uneven-light": { options: ["unevenLight"], share: 0.3 },
  blur: { options: ["blur"], share: 0.2 },
  noise: { options: ["noise", "shotNoise"], share: 0.2 },
  jpeg: { options: ["jpeg"], share: 0.2 },
  erasing: { options: ["erasing"], share: 0.5 },
};

/** All groups of random changes, in the order in which they are applied. */
export const augmentations: readonly Augmentation[] = Object.keys(
  groups,
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
 * each of its usual range, to its usual share of the tiles: half of them, fewer
 * for those that make an image another kind of image.
 *
 * @param names The changes; none leaves tiles as they are.
 * @param strength Multiplies how often each is applied: 0 never, 1 to its usual
 * share of the tiles, 2 to twice that.
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
  return optionsBy((name) =>
    names.includes(name) ? strength * groups[name].share : 0
  );
}

/**
 * Makes the options of `transform()` that apply one change to every tile, to
 * look at it or to time it.
 *
 * @param name The change.
 * @returns The options, complete in what is on and off.
 *
 * @example
 * ```ts
 * import { alwaysOptionsOf } from "@unet/augment";
 * import { assertEquals } from "@std/assert";
 *
 * const { blur, noise } = alwaysOptionsOf("blur");
 * assertEquals([blur, noise], [{ probability: 1 }, { probability: 0 }]);
 * ```
 */
export function alwaysOptionsOf(name: Augmentation): TransformOptions {
  return optionsBy((other) => other === name ? 1 : 0);
}

/** The options that apply each change so often. */
function optionsBy(
  probabilityOf: (name: Augmentation) => number,
): TransformOptions {
  return Object.fromEntries(
    augmentations.flatMap((name) =>
      groups[name].options.map((option) => [
        option,
        { probability: probabilityOf(name) },
      ])
    ),
  );
}
