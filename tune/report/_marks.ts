import { element, escape, round } from "./_markup.ts";

/** A trial in a picture. */
export interface Mark {
  readonly x: number;
  readonly y: number;
  /** Shown while the pointer rests on it. */
  readonly title: string;
}

/** Shapes differ as colors do, for print and for the color-blind. */
const shapes = {
  // A line without length and with round ends is a disc, in three letters.
  circle: "h0",
  ring: "m-7 0a7 7 0 1 0 14 0a7 7 0 1 0-14 0",
  triangle: "m0-4.5l4.5 8h-9z",
  cross: "m-3.5-3.5l7 7m0-7l-7 7",
  diamond: "m0-4.5l4.5 4.5l-4.5 4.5l-4.5-4.5z",
} as const;

/** One of the shapes. */
export type Shape = keyof typeof shapes;

/** As many marks have a text of their own; more become one path. */
const mostTitles = 300;

/** Draws marks of one kind. */
export function drawMarks(
  marks: readonly Mark[],
  shape: Shape,
  className: string,
): string {
  const path = ({ x, y }: Mark) => `M${round(x)} ${round(y)}${shapes[shape]}`;
  if (marks.length === 0) return "";
  if (marks.length > mostTitles) {
    const d = marks.map(path).join("");
    return element("path", { class: `${className} many`, d }) + "\n";
  }
  return element(
    "g",
    { class: className },
    marks.map((mark) =>
      element(
        "path",
        { d: path(mark) },
        element("title", {}, escape(mark.title)),
      )
    ).join(""),
  ) + "\n";
}

/** A legend in one line, from the left. */
export function drawLegend(
  x: number,
  y: number,
  entries: readonly {
    readonly shape: Shape | "line";
    readonly className: string;
    readonly text: string;
  }[],
): string {
  let at = x;
  return entries.map(({ shape, className, text }) => {
    const start = at;
    at += 38 + 6.6 * text.length;
    const sign = shape === "line" ? "m-9 0h18" : shapes[shape];
    return element("path", {
      class: className,
      d: `M${round(start + 9)} ${y - 4}${sign}`,
    }) +
      element("text", { x: start + 24, y }, escape(text));
  }).join("") + "\n";
}
