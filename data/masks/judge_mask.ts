import { areasOf } from "./mask_areas.ts";
import type { MaskFinding } from "./mask_finding.ts";
import {
  findingsOfEdges,
  findingsOfFile,
  findingsOfLabels,
  findingsOfNumbers,
} from "./mask_findings.ts";
import type { MaskOptions, MaskReading } from "./mask_options.ts";
import { countMask, type MaskStatistics } from "./mask_statistics.ts";
import { type Background, numbersOf, type StoredMask } from "./stored_mask.ts";

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

/**
 * Decides how the numbers of a mask become objects, and finds what makes that
 * doubtful. Pure: it looks at numbers alone.
 *
 * With `auto`, one number besides background means a binary mask, and several
 * mean object numbers, each with an area of its own. Several numbers that form
 * mere edges around one another are a binary mask after JPEG, resizing or
 * smoothing; fractions that do so are probabilities. Both are cut at half: of
 * white in a lossy file, of 1 where no number is
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
  const listed = new Set(
    (options.background ?? [0]).flatMap((value) => numbersOf(value, mask)),
  );
  const counts = countMask(mask, background, (value) => listed.has(value));
  const { top } = counts;
  const areas = areasOf(mask, background, counts);
  const isEdged = mask.isLossy || areas.isEdged;
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
        ? findingsOfEdges({ mask, counts, areas, cut, asked })
        : reading === "labels"
        ? findingsOfLabels({ counts, areas, asked })
        : [],
    ],
  };
}

/** From which distance on a pixel of a mask with edges is object. */
function cutOf(
  { isLossy }: StoredMask,
  { fractional, top }: MaskStatistics,
): number {
  if (isLossy) return 128;
  return fractional > 0 && top <= 1 ? 0.5 : top / 2;
}
