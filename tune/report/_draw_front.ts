import type { Trial } from "../study.ts";
import { linearAxis } from "./_axis.ts";
import { drawFrame } from "./_frame.ts";
import { formatNumber } from "./_format.ts";
import { picture } from "./_markup.ts";
import { drawLegend, drawMarks, type Mark } from "./_marks.ts";
import { directedName, type PageFacts } from "./_page_facts.ts";

const width = 860, height = 400;
const box = { left: 70, right: width - 20, top: 62, bottom: height - 50 };

/** Draws the first two values of a study against each other. */
export function drawFront({ objectives, complete, best }: PageFacts): string {
  const [first, second] = objectives;
  const x = linearAxis(first!.extent.ends, [box.left, box.right], {
    count: 8,
  });
  const y = linearAxis(second!.extent.ends, [box.bottom, box.top]);
  const markOf = ({ number, values }: Trial): Mark => ({
    x: x.at(values![0])!,
    y: y.at(values![1])!,
    title: `Trial ${number}: ${
      values!.map((value) => formatNumber(value, 6)).join(", ")
    }`,
  });
  const rest = complete.filter((trial) => !best.has(trial));
  const front = complete.filter((trial) => best.has(trial));
  return picture(
    {
      id: "front",
      ...{ width, height },
      title: `${second!.name} against ${first!.name}`,
      description:
        `${complete.length} complete trials, of which ${front.length} are beaten by no other: ${
          front.slice(0, 20).map(({ number }) => `trial ${number}`).join(", ")
        }.`,
    },
    drawFrame(box, {
      ...{ x, y },
      xLabel: directedName(first!),
      yLabel: directedName(second!),
    }) +
      drawLegend(box.left, 20, [
        {
          shape: "diamond",
          className: "front",
          text: "beaten by no other (Pareto front)",
        },
        { shape: "circle", className: "complete", text: "others" },
      ]) +
      drawMarks(rest.map(markOf), "circle", "complete") +
      drawMarks(front.map(markOf), "diamond", "front"),
  );
}
