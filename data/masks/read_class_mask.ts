import { count } from "@unet/errors";
import { unlabeled } from "../targets/class_target.ts";
import type { Labels } from "../types.ts";
import type { MaskClass, StoredValue } from "./mask_options.ts";
import {
  asStored,
  type MaskValues,
  numbersOf,
  type StoredMask,
} from "./stored_mask.ts";

/** Which classes masks have, and what is not labeled. */
export interface ClassMaskOptions {
  /** The classes, the background first. */
  readonly classes: readonly MaskClass[];
  /** What is not labeled; nothing if not given. */
  readonly ignore?: readonly StoredValue[];
}

/** A map of classes, and what of a mask is none of them. */
export interface ClassMask {
  /** The place of each pixel's class in the list, or {@linkcode unlabeled}. */
  readonly labels: Labels;
  /** The values that no class has, as a person writes them, and their pixels. */
  readonly strangers: ReadonlyMap<string, number>;
}

/** More different values than these are not listed. */
const mostStrangers = 65536;

/**
 * Makes a map of classes of a mask's numbers. Pure: nothing is guessed, and a
 * number that nobody gave a class to is unlabeled and counted.
 *
 * @param mask The mask's numbers.
 * @param options The classes, and what is not labeled.
 */
export function readClassMask(
  mask: StoredMask,
  { classes, ignore = [] }: ClassMaskOptions,
): ClassMask {
  const { width, height, values } = mask;
  const numbers = new Map<number, number>();
  for (const value of ignore) {
    for (const number of numbersOf(value, mask)) numbers.set(number, unlabeled);
  }
  for (const [at, { value }] of classes.entries()) {
    for (const number of numbersOf(value, mask)) numbers.set(number, at);
  }
  const data = new Uint32Array(width * height);
  const strangers = new Map<number, number>();
  let known: number | undefined, own = 0;
  for (let at = 0; at < data.length; at++) {
    const value = values[at]!;
    if (value !== known) {
      known = value;
      own = numbers.get(value) ?? -1;
    }
    data[at] = own < 0 ? unlabeled : own;
    if (own >= 0) continue;
    const pixels = strangers.get(value);
    if (pixels === undefined && strangers.size === mostStrangers) continue;
    strangers.set(value, (pixels ?? 0) + 1);
  }
  return {
    labels: { width, height, data },
    strangers: new Map(
      [...strangers].sort(([a], [b]) => a - b)
        .map(([value, pixels]) => [wordValue(value, mask), pixels]),
    ),
  };
}

/** Names of values are listed up to this many. */
const mostListed = 4;

/** What a mask has besides classes, in words: `127 in 40 pixels`. */
export function describeStrangers(
  strangers: ReadonlyMap<string, number>,
): string {
  const listed = [...strangers].slice(0, mostListed)
    .map(([value, pixels]) => `${value} in ${count(pixels, "pixel")}`);
  const rest = strangers.size - listed.length;
  return listed.join(", ") +
    (rest > 0 ? ` and ${count(rest, "other value")}` : "");
}

/** The classes and what masks store for them: `0 (background), 1 (axon)`. */
export function describeClasses(classes: readonly MaskClass[]): string {
  return classes.map(({ name, value }) => `${value} (${name})`).join(", ");
}

/** A number of a mask as a person writes it: `127`, or a color as `#7f0000`. */
function wordValue(value: number, { colorBits, values }: StoredMask): string {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  }
  if (colorBits === 0) return String(shortest(value, values));
  const base = 2 ** colorBits;
  const channels = [value / base / base, value / base, value]
    .map((one) => Math.floor(one) % base)
    .map((one) => colorBits === 16 ? one >> 8 : one);
  return `#${Uint8Array.from(channels).toHex()}`;
}

/** The number of the fewest digits that a file stores as this one. */
function shortest(value: number, values: MaskValues): number {
  for (let digits = 1; digits < 17; digits++) {
    const short = Number(value.toPrecision(digits));
    if (asStored(short, values) === value) return short;
  }
  return value;
}
