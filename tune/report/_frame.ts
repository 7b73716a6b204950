import type { Axis } from "./_axis.ts";
import { element, label, round } from "./_markup.ts";

/** The inner rectangle of a chart, in pixels. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Draws what stands around the data: lines across, ticks, names of the axes. */
export function drawFrame(
  { left, right, top, bottom }: Box,
  { x, y, xLabel, yLabel }: {
    readonly x: Axis;
    readonly y: Axis;
    readonly xLabel: string;
    readonly yLabel: string;
  },
): string {
  const longest = y.isChoice ? 12 : 9;
  return [
    ...y.ticks.map(({ at, label: text }) =>
      element("path", { class: "grid", d: `M${left} ${round(at)}H${right}` }) +
      label(left - 8, at + 4, cut(text, longest), { "text-anchor": "end" })
    ),
    ...x.ticks.map(({ at, label: text }) =>
      element("path", { class: "rule", d: `M${round(at)} ${bottom}v5` }) +
      label(
        at,
        bottom + 18,
        cut(text, Math.floor((right - left) / x.ticks.length / 6.5)),
        { "text-anchor": "middle" },
      )
    ),
    element("path", { class: "rule", d: `M${left} ${bottom}H${right}` }),
    label((left + right) / 2, bottom + 36, xLabel, {
      class: "name",
      "text-anchor": "middle",
    }),
    label(left, top - 12, yLabel, { class: "name" }),
  ].join("") + "\n";
}

/** A label cut to fit. */
export function cut(text: string, most: number): string {
  const letters = [...text];
  return letters.length <= Math.max(3, most)
    ? text
    : `${letters.slice(0, Math.max(2, most - 1)).join("")}…`;
}
