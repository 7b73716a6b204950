import type { Trial } from "../study.ts";
import { type Axis, extentOf, linearAxis } from "./_axis.ts";
import { drawFrame } from "./_frame.ts";
import { element, escape, picture, round } from "./_markup.ts";
import { drawLegend, drawMarks } from "./_marks.ts";
import { directedName, type Objective, type PageFacts } from "./_page_facts.ts";
import { countStates } from "./study_table.ts";
import { thin } from "./_thin.ts";
import { type ValueExtent, valueExtent } from "./_value_extent.ts";

const width = 860, height = 360;
const box = { left: 70, right: width - 20, top: 62, bottom: height - 50 };

/** As many trials have a curve. */
export const mostCurves = 100;
/** As many points a curve has. */
const mostPoints = 200;

/** The trials that reported something on the way. */
export function reporting({ study }: PageFacts): Trial[] {
  return study.trials.filter(({ intermediateValues }) =>
    intermediateValues.size > 0
  );
}

/** Draws what trials reported, step by step. */
export function drawCurves(facts: PageFacts, objective: Objective): string {
  const trials = chosen(facts, objective);
  const curves = trials.map((trial) => ({ trial, points: pointsOf(trial) }));
  const points = curves.flatMap(({ points }) => points);
  const [first, last] = extentOf(points.map(([step]) => step));
  const x = linearAxis([first, last], [box.left, box.right], {
    ...{ count: 10, whole: true },
  });
  const { ends } = curvesExtent(facts, objective);
  const y = linearAxis(ends, [box.bottom, box.top]);
  const isBest = (trial: Trial) => facts.best.has(trial);
  // Pruned ones lie on top of the many, the best on top of all.
  const order = (trial: Trial) =>
    isBest(trial) ? 2 : trial.state === "complete" ? 0 : 1;
  const drawn = curves.toSorted((a, b) => order(a.trial) - order(b.trial))
    .map(({ trial, points }) => {
      return element(
        "path",
        {
          class: isBest(trial) ? "best-line" : `curve ${trial.state}-line`,
          d: pathOf(points, x, y),
        },
        element(
          "title",
          {},
          escape(`Trial ${trial.number}, ${trial.state}`),
        ),
      );
    });
  const endsOf = (state: Trial["state"]) =>
    curves.filter(({ trial }) => trial.state === state).flatMap(
      ({ trial, points }) => {
        const [step, value] = points.findLast(([, value]) =>
          Number.isFinite(value)
        ) ?? [];
        if (step === undefined) return [];
        const title = `Trial ${trial.number}, ${state} after step ${step}`;
        return [{ x: x.at(step)!, y: y.at(value)!, title }];
      },
    );
  const lines = (["complete", "pruned", "running", "failed"] as const)
    .filter((state) =>
      trials.some((trial) => trial.state === state && !isBest(trial))
    );
  return picture(
    {
      id: "curves",
      ...{ width, height },
      title: `${objective.name} that trials reported, step by step`,
      description: `Curves of ${
        countStates(trials).map(([state, count]) => `${count} ${state}`)
          .join(", ")
      } trials, over steps ${first} to ${last}.`,
    },
    drawFrame(box, {
      ...{ x, y, xLabel: "Step" },
      yLabel: directedName(objective),
    }) +
      drawLegend(box.left, 20, [
        ...trials.some(isBest)
          ? [{ shape: "line" as const, className: "best-line", text: "best" }]
          : [],
        ...lines.map((state) => ({
          ...{ shape: "line" as const, className: `curve ${state}-line` },
          text: state === "pruned" ? "pruned, ending at a triangle" : state,
        })),
      ]) + drawn.join("\n") +
      drawMarks(endsOf("pruned"), "triangle", "pruned") +
      drawMarks(endsOf("failed"), "cross", "failed"),
  );
}

/** A curve as a path, open where a value is not finite. */
function pathOf(
  points: readonly [number, number][],
  x: Axis,
  y: Axis,
): string {
  let path = "", isOpen = false;
  for (const [step, value] of points) {
    if (!Number.isFinite(value)) {
      isOpen = false;
      continue;
    }
    path += `${isOpen ? "L" : "M"}${round(x.at(step)!)} ${round(y.at(value)!)}`;
    isOpen = true;
  }
  return path;
}

/** What the curves that are drawn show of what trials reported. */
export function curvesExtent(
  facts: PageFacts,
  objective: Objective,
): ValueExtent {
  return valueExtent(
    chosen(facts, objective).flatMap((trial) =>
      pointsOf(trial).map(([, value]) => value)
    ),
    objective.direction,
  );
}

/** The best half of the curves that are drawn, and the latest. */
function chosen(facts: PageFacts, { direction }: Objective): Trial[] {
  const all = reporting(facts);
  if (all.length <= mostCurves) return all;
  const sign = direction === "maximize" ? -1 : 1;
  const good = facts.complete
    .filter(({ intermediateValues }) => intermediateValues.size > 0)
    .toSorted((a, b) => sign * (a.values![0]! - b.values![0]!))
    .slice(0, mostCurves / 2);
  const latest = all.filter((trial) => !good.includes(trial))
    .slice(good.length - mostCurves);
  const drawn = new Set([...good, ...latest]);
  return all.filter((trial) => drawn.has(trial));
}

function pointsOf(
  { intermediateValues }: Trial,
): readonly [number, number][] {
  const points = [...intermediateValues].sort(([a], [b]) => a - b);
  return thin(points, mostPoints);
}
