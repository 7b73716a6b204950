import { count } from "@unet/errors";
import type { MaskAreas } from "./mask_areas.ts";
import type { MaskFinding } from "./mask_finding.ts";
import type { MaskReading } from "./mask_options.ts";
import type { MaskStatistics, ValueCount } from "./mask_statistics.ts";
import type { StoredMask } from "./stored_mask.ts";

/** What a file holds besides one page of numbers. */
export function findingsOfFile(
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
      found: "shapes only in its transparency",
      expected: "shapes in the color",
      remedy: "transparency is not read; save the mask without it, on black",
    });
  }
  return findings;
}

/** Numbers that no object has. */
export function findingsOfNumbers(
  { listed, negative, invalid }: MaskStatistics,
): MaskFinding[] {
  const findings: MaskFinding[] = [];
  if (negative.size > 0) {
    const pixels = [...negative.values()].reduce((sum, one) => sum + one);
    const [first] = negative.keys(), isOne = negative.size === 1;
    // Object numbers that start with 0 have -1 for background.
    const isBackground = isOne && pixels > listed;
    findings.push({
      kind: "negative-values",
      found: isOne
        ? `${first} in ${count(pixels, "pixel")}`
        : `${count(negative.size, "number")} below 0 in ${
          count(pixels, "pixel")
        }`,
      expected: "numbers from 0",
      remedy: isBackground
        ? "it counts as background, and so does 0"
        : "they count as background",
      ...(isOne &&
        { suggestion: { background: isBackground ? [first!] : [0, first!] } }),
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

/** Numbers that form edges, and approximate ones. */
export function findingsOfEdges(judged: {
  readonly mask: StoredMask;
  readonly counts: MaskStatistics;
  readonly areas: MaskAreas;
  readonly cut: number;
  readonly asked: MaskReading;
}): MaskFinding[] {
  const { mask, counts, areas, cut, asked } = judged;
  const levels = `${counts.values.size}${
    counts.isContinuous ? " or more" : ""
  }`;
  const binary = { suggestion: { mask: "binary" } } as const;
  const read = asked === "labels"
    ? "each number counts as an object, as asked"
    : `it is read as binary, cut at ${Number(cut.toPrecision(4))}`;
  if (mask.isLossy) {
    if (areas.hasSolidLower && asked !== "labels") {
      return [{
        kind: "lossy-mask",
        found: "areas of several gray levels in a lossy file",
        expected: "object numbers in a lossless file, such as PNG or TIFF",
        remedy: `${read}; object numbers are lost in it`,
      }];
    }
    return asked === "binary" ? [] : [{
      kind: "lossy-mask",
      found: "a lossy file, such as JPEG",
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

/** Numbers that are objects, and look as if they were not. */
export function findingsOfLabels(judged: {
  readonly counts: MaskStatistics;
  readonly areas: MaskAreas;
  readonly asked: MaskReading;
}): MaskFinding[] {
  const { counts: { values, fractional }, areas, asked } = judged;
  const numbers = count(values.size, "number"), { classes } = areas;
  if (classes === undefined && (areas.scattered > 0 || areas.stray > 0)) {
    return [{
      kind: "scattered-values",
      found: areas.scattered > 0
        ? `${areas.scattered} of ${numbers} in scattered pixels`
        : `${count(areas.stray, "part")} of ${numbers} on edges of others`,
      expected: "one area per number",
      remedy:
        "each number counts as an object; resize masks without interpolation",
    }];
  }
  if (asked === "labels") return [];
  const findings: MaskFinding[] = [];
  const missing = unlabeledNumber(values);
  if (missing !== undefined) {
    findings.push({
      kind: "void-value",
      found: `${missing} in ${
        count(values.get(missing)!.pixels, "pixel")
      }, far from the other numbers: perhaps a -1 saved as unsigned`,
      expected: "0 where nothing is labeled",
      remedy: "it counts as an object",
      suggestion: { background: [0, missing] },
    });
  }
  if (classes) {
    findings.push({
      kind: "class-map",
      found: `${classes.count} of ${numbers} in up to ${
        count(classes.parts, "part")
      }, as in a map of classes`,
      expected: "a separate number for each object",
      remedy: "each number counts as an object, unless `classes` names" +
        " them",
      suggestion: { mask: "binary" },
    });
  }
  if (fractional > 0) {
    findings.push({
      kind: "fractional-values",
      found: `${numbers} of which some are fractions`,
      expected: "whole numbers",
      remedy: "each number counts as an object",
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
