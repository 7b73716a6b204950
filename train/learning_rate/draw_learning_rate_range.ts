import { cannot } from "@unet/errors";
import { drawChart } from "../run/chart.ts";
import type {
  RangeTestPoint,
  RangeTestSuggestion,
} from "./learning_rate_range.ts";

const blue = "#0072b2";

/**
 * Draws the losses of a learning-rate range test, as they were and smoothed,
 * over the logarithm of the learning rate, with the suggested rates marked.
 *
 * @param points The points, one or more.
 * @param suggestion What `suggestLearningRate()` read off them; none where it
 * could not.
 * @returns An SVG of 800×270 that stands alone.
 * @throws {RangeError} If there are no points.
 *
 * @example
 * ```ts
 * import { drawRangeTest, rangeTestPoints } from "@unet/train";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const points = rangeTestPoints([1e-3, 1e-2, 1e-1], [0.7, 0.5, 0.6]);
 * const svg = drawRangeTest(points, {
 *   learningRate: 1e-3,
 *   valley: 3e-3,
 *   tenthOfLowest: 1e-3,
 * });
 * assertStringIncludes(svg, "valley: 3.0e-3");
 * ```
 */
export function drawRangeTest(
  points: readonly RangeTestPoint[],
  suggestion?: RangeTestSuggestion,
): string {
  if (points.length === 0) {
    throw new RangeError(
      cannot("draw", "range test of", "points", {
        found: "none",
        expected: "one or more",
      }),
    );
  }
  const marks = suggestion
    ? [
      mark("valley", suggestion.valley),
      mark("a tenth of the lowest loss's", suggestion.tenthOfLowest),
    ]
    : [];
  return drawChart("Learning rate range test", [{
    title: "Learning rate range test",
    xLabel: "learning rate",
    logarithmic: true,
    series: [
      {
        label: "loss",
        color: blue,
        background: true,
        points: points.map(({ learningRate, loss }) => [learningRate, loss]),
      },
      {
        label: "smoothed",
        color: blue,
        points: points.map((
          { learningRate, smoothedLoss },
        ) => [learningRate, smoothedLoss]),
      },
    ],
    marks,
  }]);
}

function mark(label: string, x: number): { x: number; label: string } {
  return { x, label: `${label}: ${x.toExponential(1)}` };
}
