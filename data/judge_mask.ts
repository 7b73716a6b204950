import { count } from "@unet/errors";
import type { FaultKind } from "./fault.ts";
import type { MaskOptions, MaskReading } from "./mask_options.ts";
import { countParts, findEdges, type ValueParts } from "./_mask_shape.ts";
import {
  countMask,
  type MaskStatistics,
  type ValueCount,
} from "./_mask_statistics.ts";
import type { Background, StoredMask } from "./stored_mask.ts";

/** Something about a mask that a person should look at. */
export interface MaskFinding {
  /** What it is about. */
  readonly kind: FaultKind;
  /** What is there, with its count. */
  readonly found: string;
  /** What a mask should have instead. */
  readonly expected: string;
  /** How the mask was read all the same, or what mends it. */
  readonly remedy: string;
  /** Options that decide it, where some do. */
  readonly suggestion?: MaskOptions;
}

/** How the numbers of a mask become objects. */
export interface MaskJudgment {
  /** Whether each number is an object, or each connected part. */
  readonly reading: Exclude<MaskReading, "auto">;
  /**
   * With `binary`: the distance from the background from which on a pixel is
   * object; 0 where everything but background is.
   */
  readonly cut: number;
  /** The largest distance from the background that occurs. */
  readonly top: number;
  /** What makes the reading doubtful. */
  readonly findings: readonly MaskFinding[];
}

/** A number whose parts are smaller than this on average is scattered. */
const scatteredPixels = 3;

/** Fewer scattered numbers may be small objects. */
const fewestScattered = 8;

/** A number in so many parts is rather a class than an object. */
const partsOfClass = 5;

/**
 * Decides how the numbers of a mask become objects, and finds what makes that
 * doubtful. Pure: it looks at numbers alone.
 *
 * With `auto`, one number besides background means a binary mask, and several
 * mean object numbers, each with an area of its own. Several numbers that form
 * mere edges around one another are a binary mask after JPEG, resizing or
 * smoothing; fractions that do so are probabilities. Both are cut at half: of
 * white in a file that stores approximate values, of 1 where no number is
 * larger and some are fractions, else of the largest distance from the
 * background. With `binary`, everything but background is object, with the
 * same cuts where there are such edges.
 *
 * @param mask The mask's numbers.
 * @param background What is background.
 * @param options How masks are read.
 */
export function judgeMask(
  mask: StoredMask,
  background: Background,
  options: MaskOptions = {},
): MaskJudgment {
  const asked = options.mask ?? "auto";
  const listed = new Set(options.background ?? [0]);
  const counts = countMask(mask, background, (value) => listed.has(value));
  const { top } = counts;
  const shape = counts.values.size < 2
    ? plain
    : shapeOf(mask, background, counts);
  const isEdged = mask.isLossy || shape.isEdged;
  const reading = asked !== "auto"
    ? asked
    : isEdged || counts.values.size < 2
    ? "binary"
    : "labels";
  const cut = reading === "binary" && isEdged ? cutOf(mask, counts) : 0;
  return {
    reading,
    cut,
    top,
    findings: [
      ...findingsOfFile(mask),
      ...findingsOfNumbers(counts),
      ...isEdged
        ? findingsOfEdges({ mask, counts, shape, cut, asked })
        : reading === "labels"
        ? findingsOfLabels({ counts, shape, asked })
        : [],
    ],
  };
}

/** What the areas of a mask's numbers show. */
interface Shape {
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

const plain: Shape = {
  isEdged: false,
  hasSolidLower: false,
  scattered: 0,
  classes: undefined,
  stray: 0,
};

function shapeOf(
  mask: StoredMask,
  background: Background,
  { values, isContinuous, fractional, top }: MaskStatistics,
): Shape {
  if (isContinuous) return { ...plain, isEdged: true };
  const edges = findEdges(mask, background, top);
  const hasSolidLower = edges.solidLower > 0.1 * edges.lower;
  const isRimmed = edges.solidTop > 0 && edges.lower >= 8 && !hasSolidLower &&
    edges.lowerTouching >= edges.lower / 2;
  const parts = countParts(mask, background);
  let scattered = 0, stray = 0;
  for (const [value, found] of parts) {
    const { pixels } = values.get(value)!;
    if (pixels < scatteredPixels * found.parts) scattered++;
    if (found.parts > 1) stray += found.stray;
  }
  const isScattered = scattered >= fewestScattered &&
    scattered >= values.size / 2;
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
function classesAmong(values: readonly ValueParts[]): Shape["classes"] {
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

/** From which distance on a pixel of a mask with edges is object. */
function cutOf(
  { isLossy }: StoredMask,
  { fractional, top }: MaskStatistics,
): number {
  if (isLossy) return 128;
  return fractional > 0 && top <= 1 ? 0.5 : top / 2;
}

function findingsOfFile(
  { pages, hasShapeInAlpha }: StoredMask,
): MaskFinding[] {
  const findings: MaskFinding[] = [];
  if (pages > 1) {
    findings.push({
      kind: "mask-pages",
      found: count(pages, "page"),
      expected: "one page with all objects",
      remedy: "the first page is read; join the others in it",
    });
  }
  if (hasShapeInAlpha) {
    findings.push({
      kind: "alpha-mask",
      found: "one color everywhere, and shapes in its transparency",
      expected: "shapes in the color",
      remedy: "transparency is not read; save the mask without it, on black",
    });
  }
  return findings;
}

function findingsOfNumbers(
  { negative, invalid }: MaskStatistics,
): MaskFinding[] {
  const findings: MaskFinding[] = [];
  if (negative.size > 0) {
    const pixels = [...negative.values()].reduce((sum, one) => sum + one);
    const [first] = negative.keys();
    findings.push({
      kind: "negative-values",
      found: negative.size === 1
        ? `${first} in ${count(pixels, "pixel")}`
        : `${count(negative.size, "number")} below 0 in ${
          count(pixels, "pixel")
        }`,
      expected: "numbers from 0",
      remedy: "they count as background",
      ...(negative.size === 1 && { suggestion: { background: [0, first!] } }),
    });
  }
  if (invalid > 0) {
    findings.push({
      kind: "invalid-values",
      found: `${count(invalid, "pixel")} of NaN or infinity`,
      expected: "numbers",
      remedy: "they count as background",
    });
  }
  return findings;
}

function findingsOfEdges(judged: {
  readonly mask: StoredMask;
  readonly counts: MaskStatistics;
  readonly shape: Shape;
  readonly cut: number;
  readonly asked: MaskReading;
}): MaskFinding[] {
  const { mask, counts, shape, cut, asked } = judged;
  const levels = `${counts.values.size}${
    counts.isContinuous ? " or more" : ""
  }`;
  const binary = { suggestion: { mask: "binary" } } as const;
  const read = asked === "labels"
    ? "each number is taken for an object, as asked"
    : `it is read as binary, cut at ${Number(cut.toPrecision(4))}`;
  if (mask.isLossy) {
    if (shape.hasSolidLower && asked !== "labels") {
      return [{
        kind: "lossy-mask",
        found: "areas of several gray levels in a file with approximate values",
        expected: "object numbers in a lossless file, such as PNG or TIFF",
        remedy: `${read}; object numbers are lost in it`,
      }];
    }
    return asked === "binary" ? [] : [{
      kind: "lossy-mask",
      found: "a file with approximate values, such as JPEG",
      expected: "a lossless file, such as PNG or TIFF",
      remedy: read,
      ...binary,
    }];
  }
  if (asked === "binary") return [];
  if (counts.fractional > 0) {
    return [{
      kind: "probabilities",
      found: `${levels} fractions up to ${
        Number(counts.top.toPrecision(4))
      }, as in a map of probabilities`,
      expected: "0/255, 0/1 or object numbers",
      remedy: read,
      ...binary,
    }];
  }
  return [{
    kind: "gray-edges",
    found: `${levels} gray levels that form edges, as after resizing, ` +
      "smoothing or JPEG",
    expected: "0/255, 0/1 or object numbers",
    remedy: read,
    ...binary,
  }];
}

function findingsOfLabels(judged: {
  readonly counts: MaskStatistics;
  readonly shape: Shape;
  readonly asked: MaskReading;
}): MaskFinding[] {
  const { counts: { values, fractional }, shape, asked } = judged;
  const numbers = count(values.size, "number"), { classes } = shape;
  if (classes === undefined && (shape.scattered > 0 || shape.stray > 0)) {
    return [{
      kind: "scattered-values",
      found: shape.scattered > 0
        ? `${shape.scattered} of ${numbers} in scattered pixels`
        : `${count(shape.stray, "part")} of ${numbers} on edges of others`,
      expected: "one area per number",
      remedy:
        "each number is taken for an object; resize masks without interpolation",
    }];
  }
  if (asked === "labels") return [];
  const findings: MaskFinding[] = [];
  const unlabeled = unlabeledNumber(values);
  if (unlabeled !== undefined) {
    findings.push({
      kind: "void-value",
      found: `${unlabeled} in ${
        count(values.get(unlabeled)!.pixels, "pixel")
      }, far from the other numbers, as -1 becomes without a sign`,
      expected: "0 where nothing is labeled",
      remedy: "it is taken for an object",
      suggestion: { background: [0, unlabeled] },
    });
  }
  if (classes) {
    findings.push({
      kind: "class-map",
      found: `${classes.count} of ${numbers} in up to ${
        count(classes.parts, "part")
      }, as in a map of classes`,
      expected: "a number of its own for each object",
      remedy: "each number is taken for an object",
      suggestion: { mask: "binary" },
    });
  }
  if (fractional > 0) {
    findings.push({
      kind: "fractional-values",
      found: `${numbers} of which some are fractions`,
      expected: "whole numbers",
      remedy: "each number is taken for an object",
      suggestion: { mask: "labels" },
    });
  }
  return findings;
}

/** The numbers that -1 becomes in 8, 16 and 32 bits. */
const largestNumbers = [2 ** 8 - 1, 2 ** 16 - 1, 2 ** 32 - 1];

/**
 * A number that programs write for "not labeled": the largest that the bits
 * hold, far from all others.
 */
function unlabeledNumber(
  values: ReadonlyMap<number, ValueCount>,
): number | undefined {
  const sorted = [...values.keys()].sort((a, b) => a - b);
  const largest = sorted.pop()!;
  if (!largestNumbers.includes(largest)) return undefined;
  let before = 0, widest = 0;
  for (const value of sorted) {
    widest = Math.max(widest, value - before);
    before = value;
  }
  return largest - before > 4 * widest ? largest : undefined;
}
