import type { Diameters } from "@unet/data";

/** What a network found when it saw parts of an image at one scale. */
export interface Look {
  /** By how much the image was enlarged. */
  readonly scale: number;
  /**
   * The median diameter of its objects in pixels of the network, each weighted
   * by its diameter, so that specks do not count as much as nuclei.
   */
  readonly diameter: number;
  /** How many objects there were. */
  readonly objects: number;
  /** The mean probability of their pixels. */
  readonly probability: number;
  /**
   * Pixels that the network is not sure of, 0.2 to 0.8, over those that it takes
   * for objects.
   */
  readonly doubt: number;
}

/** Two diameters whose logarithms differ by this agree by 0.6. */
const spread = 0.3;

/** Fewer objects count in proportion. */
const enoughObjects = 5;

/** What all looks that agree count, below which nothing was measured. */
const leastTrust = 0.1;

/** Trust in each of two looks, and how near they are, that make more needless. */
const enoughTrust = 0.5, near = 0.15;

/** Trust in a first look that makes more needless, and how far within the range. */
const firstTrust = 0.4, inside = 1.1;

/**
 * Finds the median diameter of an image's objects from looks at several scales.
 * Where a network sees objects of sizes that it learned, it finds the same
 * diameter at neighboring scales, and is sure of it: fragments of large objects
 * and clumps of small ones change with the scale. So each look votes for what
 * it found, by how sure it is and how far within the learned range, and the
 * diameter with the most agreement is taken.
 *
 * @param looks The looks.
 * @param learned The diameters that the network learned.
 * @returns Pixels of the image; null where nothing can be relied on.
 *
 * @example
 * ```ts
 * import { judgeLooks } from "@unet/infer/diameter";
 * import { assertEquals } from "@std/assert";
 *
 * const sure = { objects: 30, probability: 0.97, doubt: 0.1 };
 * const unsure = { objects: 30, probability: 0.7, doubt: 0.6 };
 * const diameter = judgeLooks([
 *   { ...sure, scale: 0.25, diameter: 20 },
 *   { ...sure, scale: 0.5, diameter: 40 },
 *   { ...unsure, scale: 1, diameter: 15 },
 * ], { low: 8, median: 20, high: 40 });
 * assertEquals(Math.round(diameter!), 80);
 * ```
 */
export function judgeLooks(
  looks: readonly Look[],
  learned: Diameters,
): number | null {
  const votes = looks.map((look) => ({
    at: Math.log(look.diameter / look.scale),
    trust: trustOf(look, learned),
  }));
  const agreement = (at: number): number =>
    votes.reduce((sum, vote) => sum + vote.trust * closeness(at, vote.at), 0);
  let best: { at: number; found: number } | undefined;
  for (const { at, trust } of votes) {
    const found = agreement(at);
    if (trust > 0 && found > (best?.found ?? 0)) best = { at, found };
  }
  if (!best) return null;
  let sum = 0, all = 0;
  for (const { at, trust } of votes) {
    if (Math.abs(at - best.at) > 1.5 * spread) continue;
    sum += trust * at;
    all += trust;
  }
  return all < leastTrust ? null : Math.exp(sum / all);
}

/**
 * Whether the first looks are enough: one at the image's own scale that can be
 * relied on and lies well within what the network learned, so that nothing is
 * rescaled anyway; or two that can be relied on and found the same.
 *
 * @param looks The looks at the first scales.
 * @param learned The diameters that the network learned.
 */
export function areEnough(
  looks: readonly Look[],
  learned: Diameters,
): boolean {
  const [one, other] = looks;
  if (looks.length === 1 && one!.scale === 1) {
    const { diameter } = one!, { low, high } = learned;
    return diameter >= inside * low && diameter <= high / inside &&
      trustOf(one!, learned) > firstTrust;
  }
  if (looks.length !== 2 || !one || !other) return false;
  const ratio = one.diameter / one.scale / (other.diameter / other.scale);
  return Math.abs(Math.log(ratio)) < near &&
    looks.every((look) => trustOf(look, learned) > enoughTrust);
}

/** How much what a look found can be relied on, 0…1. */
function trustOf(
  { diameter, objects, probability, doubt }: Look,
  { low, high }: Diameters,
): number {
  const outside = Math.max(1, low / diameter, diameter / high);
  return Math.max(0, 2 * probability - 1) * Math.max(0, 1 - doubt) *
    Math.max(0, 1 - Math.log2(outside)) * Math.min(1, objects / enoughObjects);
}

function closeness(a: number, b: number): number {
  return Math.exp(-(((a - b) / spread) ** 2) / 2);
}
