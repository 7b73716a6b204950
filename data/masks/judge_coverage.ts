import { measureGaps } from "./measure_gaps.ts";
import type { MaskJudgment } from "./judge_mask.ts";
import type { MaskFinding } from "./mask_finding.ts";
import type { StoredMask } from "./stored_mask.ts";
import type { Labels } from "../types.ts";

/** Objects that cover more than this are no objects on a background. */
const nearlyEverything = 0.95;

/** What covers less than this is no background. */
const leastBackground = 0.3;

/** An object on more of the rim than this is the background. */
const mostOfRim = 0.75;

/**
 * One on more than this may be: of object numbers, where no other background is
 * left; of a binary mask, in which crowded objects are one, where its gaps are
 * round.
 */
const halfOfRim = 0.5;
const roundGaps = 0.42;
const fewestGaps = 5;

/** From this share on, the gaps are too small for their shape to mean much. */
const smallGaps = 0.8;

/**
 * Finds a background that was taken for an object, as in a mask of black
 * nuclei on white, or one whose numbers start with 1 for background: one
 * object covers most of the mask and of its rim, or objects leave nothing
 * between them.
 *
 * Tissue that is truly dense passes: no single object of it lies along most of
 * the rim, or, where crowded objects became one, the gaps are not round.
 *
 * @param mask The mask's numbers.
 * @param labels What became of them.
 * @param reading How.
 */
export function judgeCoverage(
  mask: StoredMask,
  labels: Labels,
  { reading }: Pick<MaskJudgment, "reading">,
): MaskFinding[] {
  const { width, height, data } = labels;
  const rim = new Map<number, number>();
  let covered = 0, rimPixels = 0, onRim = 0, label = 0, at = 0;
  for (const one of data) if (one > 0) covered++;
  forRim(width, height, (place) => {
    rimPixels++;
    const one = data[place]!;
    if (one === 0) return;
    const count = (rim.get(one) ?? 0) + 1;
    rim.set(one, count);
    if (count > onRim) [onRim, label, at] = [count, one, place];
  });
  const rimShare = onRim / rimPixels, share = covered / data.length;
  const isLikely = rimShare > halfOfRim &&
    (reading === "labels"
      ? share > nearlyEverything
      : share < smallGaps && hasRoundGaps(labels));
  const isBackground = share > leastBackground &&
    (rimShare > mostOfRim || isLikely);
  if (isBackground) {
    const value = mask.values[at]!;
    const pixels = data.reduce((sum, one) => one === label ? sum + 1 : sum, 0);
    return [{
      kind: "wrong-background",
      found:
        `${nameOf(value, mask)} as an object on ${
          percent(pixels / data.length)
        } of the pixels and ${percent(rimShare)} of the rim` +
        (mask.showsZeroBright ? ", in a file that shows 0 bright" : ""),
      expected: "background there",
      remedy: "name it if it is the background",
      suggestion: {
        background: [mask.colorBits ? nameOf(value, mask) : value],
      },
    }];
  }
  if (share <= nearlyEverything) return [];
  return [{
    kind: "no-background",
    found: `objects on ${percent(share)} of the pixels`,
    expected: "background between them",
    remedy: "check whether it has its own number",
  }];
}

function hasRoundGaps(labels: Labels): boolean {
  const { gaps, roundness } = measureGaps(labels);
  return gaps >= fewestGaps && roundness > roundGaps;
}

function forRim(
  width: number,
  height: number,
  visit: (at: number) => void,
): void {
  for (let x = 0; x < width; x++) {
    visit(x);
    if (height > 1) visit((height - 1) * width + x);
  }
  for (let y = 1; y < height - 1; y++) {
    visit(y * width);
    if (width > 1) visit(y * width + width - 1);
  }
}

/** A number as a person would name it: a color as `#rrggbb`. */
function nameOf(value: number, { colorBits }: StoredMask): string {
  if (colorBits === 0) return String(value);
  const base = 2 ** colorBits, scale = 2 ** (colorBits - 8);
  const channels = [Math.floor(value / base / base), value / base, value]
    .map((one) => Math.floor((Math.floor(one) % base) / scale));
  const hex = channels.map((one) => one.toString(16).padStart(2, "0"));
  return `#${hex.join("")}`;
}

/** Rounded down, so that 100 % is all. */
function percent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}
