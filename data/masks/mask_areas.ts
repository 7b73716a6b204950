import { countParts, findEdges, type ValueParts } from "./mask_shape.ts";
import type { MaskStatistics } from "./mask_statistics.ts";
import type { Background, StoredMask } from "./stored_mask.ts";

/** A number whose parts are smaller than this on average is scattered. */
const scatteredPixels = 3;

/** Fewer scattered numbers, or parts of them, may be small objects. */
const fewestScattered = 8;

/** A number in so many parts is rather a class than an object. */
const partsOfClass = 5;

/** The areas of a mask's numbers. */
export interface MaskAreas {
  /** Whether all numbers but the largest form edges. */
  readonly isEdged: boolean;
  /** Whether numbers clearly below the largest have areas of their own. */
  readonly hasSolidLower: boolean;
  /** Numbers of scattered pixels. */
  readonly scattered: number;
  /** How many numbers are rather classes, and how many parts one has. */
  readonly classes:
    | { readonly count: number; readonly parts: number }
    | undefined;
  /** Parts that are edges of other objects. */
  readonly stray: number;
}

const plain: MaskAreas = {
  isEdged: false,
  hasSolidLower: false,
  scattered: 0,
  classes: undefined,
  stray: 0,
};

/** Finds out what the areas of a mask's numbers show. */
export function areasOf(
  mask: StoredMask,
  background: Background,
  { values, isContinuous, fractional, top }: MaskStatistics,
): MaskAreas {
  if (values.size < 2) return plain;
  if (isContinuous) return { ...plain, isEdged: true };
  const edges = findEdges(mask, background, top);
  const hasSolidLower = edges.solidLower > 0.1 * edges.lower;
  const hasSolidTop = edges.solidTop > 0.2 * edges.top;
  const isRimmed = hasSolidTop && edges.lower >= 8 && !hasSolidLower &&
    edges.lowerTouching >= edges.lower / 2;
  const parts = countParts(mask, background);
  let scattered = 0, specks = 0, stray = 0;
  for (const [value, found] of parts) {
    const { pixels } = values.get(value)!;
    if (pixels < scatteredPixels * found.parts) {
      scattered++;
      specks += found.parts;
    }
    if (found.parts > 1) stray += found.stray;
  }
  // A few numbers that come again and again are noise around two values.
  const isNoise = hasSolidTop && scattered >= 2 && specks >= 3 * scattered;
  const isMany = scattered >= fewestScattered ||
    isNoise && specks >= fewestScattered;
  const isScattered = isMany && scattered >= values.size / 2;
  return {
    isEdged: isRimmed || isScattered && (fractional > 0 || !hasSolidLower),
    hasSolidLower,
    scattered: isScattered ? scattered : 0,
    classes: classesAmong([...parts.values()]),
    stray: stray >= 2 && stray >= values.size / 4 ? stray : 0,
  };
}

/**
 * Numbers that each stand for several objects: in many parts, or most of the
 * numbers in parts of comparable size.
 */
function classesAmong(values: readonly ValueParts[]): MaskAreas["classes"] {
  const whole = values.filter(({ stray, parts }) => stray < parts / 2);
  const many = whole.filter(({ parts }) => parts >= partsOfClass);
  const some = whole.filter(({ sizes: [largest, second = 0] }) =>
    second >= largest! / 3
  );
  const isMost = some.length > values.length / 2;
  const found = many.length > 0 ? many : isMost ? some : [];
  const parts = found.reduce((most, one) => Math.max(most, one.parts), 0);
  return found.length > 0 ? { count: found.length, parts } : undefined;
}
