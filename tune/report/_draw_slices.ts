import type { Trial } from "../study.ts";
import { linearAxis, parameterAxis } from "./_axis.ts";
import { cut, drawFrame } from "./_frame.ts";
import { formatChoice, formatNumber, shorten } from "./_format.ts";
import { levelOf, levels } from "./_levels.ts";
import { picture } from "./_markup.ts";
import { drawMarks } from "./_marks.ts";
import { thin } from "./_thin.ts";
import { hasFiniteValues, type PageFacts } from "./_page_facts.ts";

const width = 300, height = 240;
const box = { left: 62, right: width - 18, top: 34, bottom: height - 46 };

/** As many parameters have a picture, those that matter most. */
export const mostSlices = 24;
/** As many trials stand in each of them. */
export const mostDots = 1000;

/** Draws the first value against each parameter, a picture each. */
export function drawSlices(facts: PageFacts): string[] {
  const { study, best, objectives: [objective] } = facts;
  const complete = thin(facts.complete, mostDots);
  const y = linearAxis(objective!.extent.ends, [box.bottom, box.top], {
    count: 4,
  });
  return facts.parameters.slice(0, mostSlices).map((name, slice) => {
    const x = parameterAxis(name, study.trials, [box.left, box.right], 4);
    const markOf = (trial: Trial) => {
      const { params, number, values } = trial;
      if (!Object.hasOwn(params, name)) return [];
      const at = x.at(params[name]);
      if (at === undefined) return [];
      return [{
        x: at + (x.isChoice ? aside(number) * roomOf(x.ticks) : 0),
        y: y.at(values![0])!,
        title: `Trial ${number}: ${formatChoice(params[name]!)} → ${
          formatNumber(values![0]!, 6)
        }`,
      }];
    };
    const isMissing = complete.filter(({ params }) =>
      !Object.hasOwn(params, name)
    ).length;
    return picture(
      {
        id: `slice-${slice}`,
        ...{ width, height },
        title: `${objective!.name} against ${shorten(name, 60)}`,
        description: `${complete.length - isMissing} complete trials` +
          (isMissing > 0 ? `; ${isMissing} do not have the parameter` : ""),
      },
      drawFrame(box, {
        ...{ x, y },
        xLabel: cut(shorten(name, 60), 34),
        yLabel: cut(shorten(objective!.name, 60), 34),
      }) +
        Array.from({ length: levels }, (_, level) =>
          drawMarks(
            complete.filter(({ number }) =>
              levelOf(number, study.trials.length) === level
            ).flatMap(markOf),
            "circle",
            `dot q${level}`,
          )).join("") +
        drawMarks(
          [...best].slice(0, mostDots).filter(hasFiniteValues).flatMap(markOf),
          "ring",
          "best",
        ),
    );
  });
}

/** Where in the room of its choice a trial stands, -0.5…0.5. */
function aside(number: number): number {
  // Multiples of the golden ratio fill a room evenly.
  return (number * 0.618034) % 1 - 0.5;
}

function roomOf(ticks: readonly { readonly at: number }[]): number {
  const [first, second] = ticks;
  return second ? 0.5 * Math.abs(second.at - first!.at) : 60;
}
