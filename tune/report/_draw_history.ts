import type { Trial } from "../study.ts";
import { extentOf, linearAxis } from "./_axis.ts";
import { drawFrame } from "./_frame.ts";
import { formatNumber } from "./_format.ts";
import { element, picture, round } from "./_markup.ts";
import { drawLegend, drawMarks, type Mark, type Shape } from "./_marks.ts";
import { directedName, type Objective, type PageFacts } from "./_page_facts.ts";
import { thin } from "./_thin.ts";
import { valuesOf } from "./_trial_values.ts";
import { type ValueExtent, valueExtent } from "./_value_extent.ts";

const width = 860, height = 320;
const box = { left: 70, right: width - 20, top: 62, bottom: height - 50 };

/** As many trials of a state have a mark. */
export const mostMarks = 2000;

const kinds: readonly [Trial["state"], Shape][] = [
  ["complete", "circle"],
  ["pruned", "triangle"],
  ["running", "diamond"],
  ["failed", "cross"],
];

/** Draws the values of all trials and the best one so far. */
export function drawHistory(facts: PageFacts, objective: Objective): string {
  const { study, best } = facts;
  const { index, name, direction } = objective;
  const [first, last] = extentOf(study.trials.map(({ number }) => number));
  const x = linearAxis(
    [first - 0.5, last + 0.5],
    [box.left, box.right],
    { count: 10, whole: true },
  );
  const y = linearAxis(historyExtent(facts, objective).ends, [
    box.bottom,
    box.top,
  ]);
  const markOf = (trial: Trial): Mark => {
    const value = valuesOf(trial)[index];
    return {
      x: x.at(trial.number)!,
      // What has no value stands on the axis.
      y: y.at(value) ?? box.bottom,
      title: `Trial ${trial.number}, ${trial.state}${
        value === undefined ? "" : `: ${formatNumber(value, 6)}`
      }`,
    };
  };
  const groups = kinds.map(([state, shape]) => ({
    ...{ state, shape },
    marks: thin(
      study.trials.filter((trial) => trial.state === state),
      mostMarks,
    ).map(markOf),
  })).filter(({ marks }) => marks.length > 0);
  const line = bestSoFar(study.trials, objective);
  const path = line.map(({ number, value }, i) => {
    const at = round(x.at(number)!), height = round(y.at(value)!);
    return i === 0 ? `M${at} ${height}` : `H${at}V${height}`;
  }).join("");
  const end = line.at(-1);
  const description = describeHistory(study.trials, name, line);
  const isBetter = direction === "maximize" ? "highest" : "lowest";
  return picture(
    {
      id: `history-${index}`,
      ...{ width, height, description },
      title: `${name} of each trial and the ${isBetter} so far`,
    },
    drawFrame(box, {
      ...{ x, y, xLabel: "Trial" },
      yLabel: directedName(objective),
    }) +
      drawLegend(box.left, 20, [
        ...end
          ? [{
            shape: "line" as const,
            className: "best-line",
            text: `${isBetter} so far`,
          }]
          : [],
        ...groups.map(({ state, shape }) => ({
          ...{ shape, className: state, text: state },
        })),
        ...best.size > 0
          ? [{
            shape: "ring" as const,
            className: "best",
            text: study.directions.length > 1 ? "Pareto front" : "best",
          }]
          : [],
      ]) +
      (end
        ? element("path", { class: "best-line", d: `${path}H${box.right}` })
        : "") +
      groups.map(({ state, shape, marks }) => drawMarks(marks, shape, state))
        .join("") +
      drawMarks([...best].slice(0, mostMarks).map(markOf), "ring", "best"),
  );
}

function describeHistory(
  trials: readonly Trial[],
  name: string,
  line: readonly { readonly number: number; readonly value: number }[],
): string {
  const complete = trials.filter(({ state }) => state === "complete").length;
  const start = line[0], end = line.at(-1);
  return `${complete} complete trials. ` +
    (start && end
      ? `The best ${name} went from ${formatNumber(start.value)} at trial ` +
        `${start.number} to ${formatNumber(end.value)} at trial ${end.number}.`
      : "None has a value yet.");
}

/** What the history shows, values of trials that are not complete too. */
export function historyExtent(
  { study }: PageFacts,
  { index, direction }: Objective,
): ValueExtent {
  return valueExtent(
    study.trials.flatMap((trial) => valuesOf(trial)[index] ?? []),
    direction,
  );
}

/** The trials that were better than all before them. */
function bestSoFar(
  trials: readonly Trial[],
  { index, direction }: Objective,
): { number: number; value: number }[] {
  const sign = direction === "maximize" ? -1 : 1;
  const steps: { number: number; value: number }[] = [];
  for (const { state, number, values } of trials) {
    const value = values?.[index], last = steps.at(-1);
    if (state !== "complete" || value === undefined || Number.isNaN(value)) {
      continue;
    }
    if (!last || sign * value < sign * last.value) {
      steps.push({ number, value });
    }
  }
  return steps;
}
