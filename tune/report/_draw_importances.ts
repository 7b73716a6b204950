import { cut } from "./_frame.ts";
import { shorten } from "./_format.ts";
import type { Importance } from "./importances.ts";
import { element, escape, label, picture } from "./_markup.ts";
import type { Objective } from "./_page_facts.ts";

const width = 640, left = 180, right = width - 70, rowHeight = 26;

/** As many parameters have a bar. */
export const mostBars = 24;

/** Draws a bar a parameter. */
export function drawImportances(
  shares: readonly Importance[],
  { index, name }: Objective,
): string {
  const shown = shares.slice(0, mostBars);
  const height = rowHeight * shown.length + 8;
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return picture(
    {
      id: `importance-${index}`,
      ...{ width, height, className: "small" },
      title: `Importance of the parameters for ${name}`,
      description: shown.map(({ name, share }) =>
        `${shorten(name, 40)}: ${percent(share)}`
      ).join(", "),
    },
    shown.map(({ name, share }, i) => {
      const y = i * rowHeight + 4, length = (right - left) * share;
      return element(
        "text",
        { x: left - 10, y: y + 16, "text-anchor": "end" },
        element("title", {}, escape(shorten(name, 200))) +
          escape(cut(shorten(name, 200), 26)),
      ) +
        element("rect", {
          class: "bar",
          x: left,
          y: y + 2,
          width: Math.max(1, length),
          height: rowHeight - 8,
        }) +
        label(left + length + 8, y + 16, percent(share));
    }).join("\n"),
  );
}
