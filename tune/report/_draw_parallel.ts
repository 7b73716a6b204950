import type { Choice } from "../distribution.ts";
import type { Trial } from "../study.ts";
import { type Axis, linearAxis, parameterAxis } from "./_axis.ts";
import { cut } from "./_frame.ts";
import { formatNumber, shorten } from "./_format.ts";
import { element, escape, label, picture, round } from "./_markup.ts";
import { levelOf } from "./_levels.ts";
import { drawLegend } from "./_marks.ts";
import type { PageFacts } from "./_page_facts.ts";
import { thin } from "./_thin.ts";

const width = 860, height = 380, top = 84, bottom = height - 24;

/** As many parameters have an axis, those that matter most. */
export const mostAxes = 12;
/** As many trials have a line. */
export const mostLines = 300;

/** Draws a line per trial through an axis per value and parameter. */
export function drawParallel(facts: PageFacts): string {
  const { study, objectives, parameters, best } = facts;
  const axes: NamedAxis[] = [
    ...objectives.map(({ index, name, extent }) => ({
      name,
      axis: linearAxis(extent.ends, [bottom, top]),
      of: ({ values }: Trial) => values![index],
    })),
    ...parameters.slice(0, mostAxes).map((name) => ({
      name,
      axis: parameterAxis(name, study.trials, [bottom, top]),
      of: ({ params }: Trial) =>
        Object.hasOwn(params, name) ? params[name] : undefined,
    })),
  ];
  const left = 64, right = width - 100;
  const distance = (right - left) / Math.max(1, axes.length - 1);
  const places = axes.map((_, i) => left + i * distance);
  const lines = linesOf(facts);
  const drawn = lines.map(({ trial, level }) => {
    const heights = axes.map(({ axis, of }) =>
      axis.at(of(trial) as Choice | undefined)
    );
    const path = pathThrough(places, heights);
    const isBest = objectives.length === 1 && best.has(trial);
    return element(
      "path",
      { class: isBest ? "best-line" : `line q${level}`, d: path },
      element(
        "title",
        {},
        escape(
          `Trial ${trial.number}: ${
            trial.values!.map((value) => formatNumber(value, 6)).join(", ")
          }`,
        ),
      ),
    );
  });
  const frames = drawAxes(axes, places, { distance, right });
  const first = objectives[0]!;
  return picture(
    {
      id: "parallel",
      ...{ width, height },
      title: "Parallel coordinates of values and parameters",
      description:
        `One line for each of ${lines.length} complete trials, through the axes ${
          axes.map(({ name }) => shorten(name, 40)).join(", ")
        }. The table of trials below holds the same numbers.`,
    },
    drawLegend(left - 10, 20, [
      ...objectives.length === 1 && best.size > 0
        ? [{ shape: "line" as const, className: "best-line", text: "best" }]
        : [],
      ...[6, 3, 0].map((level) => ({
        shape: "line" as const,
        className: `line q${level}`,
        text: {
          6: `best seventh by ${shorten(first.name, 30)}`,
          3: "middle",
          0: "worst",
        }[level]!,
      })),
    ]) + element(
      "g",
      { class: lines.length > 150 ? "many" : undefined },
      drawn.join("\n"),
    ) + frames.join("\n"),
  );
}

/** One axis, and what of a trial lies on it. */
interface NamedAxis {
  readonly name: string;
  readonly axis: Axis;
  readonly of: (trial: Trial) => unknown;
}

/** A line through the axes; a parameter that a trial lacks leaves a gap. */
function pathThrough(
  places: readonly number[],
  heights: readonly (number | undefined)[],
): string {
  return heights.map((at, i) => {
    if (at === undefined) return "";
    const [x, y] = [places[i]!, round(at)];
    if (heights[i - 1] !== undefined) return `L${round(x)} ${y}`;
    return heights[i + 1] === undefined
      ? `M${round(x - 6)} ${y}h12`
      : `M${round(x)} ${y}`;
  }).join("");
}

/** The axes with their names and ticks. */
function drawAxes(
  axes: readonly NamedAxis[],
  places: readonly number[],
  { distance, right }: { readonly distance: number; readonly right: number },
): string[] {
  const isCrowded = axes.length > 7;
  const room = Math.floor(distance * (isCrowded ? 2 : 1) / 7);
  const roomAt = (i: number) => i < axes.length - 1 ? distance : width - right;
  return axes.map(({ name, axis }, i) => {
    const x = places[i]!, raised = isCrowded && i % 2 === 1 ? 16 : 0;
    const text = cut(shorten(name, 200), room);
    // At the picture's sides there is less room than between axes.
    const half = 3.6 * [...text].length;
    const at = Math.max(half, Math.min(width - half, x));
    return element("path", {
      class: "rule",
      d: `M${round(x)} ${top}V${bottom}`,
    }) +
      element(
        "text",
        { class: "name", x: at, y: top - 14 - raised, "text-anchor": "middle" },
        element("title", {}, escape(shorten(name, 200))) + escape(text),
      ) +
      axis.ticks.map(({ at, label: text }) =>
        label(
          x + 6,
          at + 4,
          cut(text, Math.floor((roomAt(i) - 8) / 6.5)),
          { class: "halo" },
        )
      ).join("");
  });
}

/** The trials that are drawn, the worst first, so that good ones lie on top. */
function linesOf(
  { complete, objectives }: PageFacts,
): { trial: Trial; level: number }[] {
  const sign = objectives[0]!.direction === "maximize" ? -1 : 1;
  const ranked = complete.toSorted((a, b) =>
    sign * (b.values![0]! - a.values![0]!)
  ).map((trial, rank) => ({ trial, level: levelOf(rank, complete.length) }));
  if (ranked.length <= mostLines) return ranked;
  // The best fifth of the lines as they are, the rest from all others.
  const kept = mostLines / 5;
  return [
    ...thin(ranked.slice(0, -kept), mostLines - kept),
    ...ranked.slice(-kept),
  ];
}
