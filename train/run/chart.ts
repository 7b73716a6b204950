// @ts-types="@types/d3-scale"
import { scaleLinear, scaleLog } from "d3-scale";

/** A line of a panel. */
export interface Series {
  readonly label: string;
  /** A color of SVG's. */
  readonly color: string;
  /** Pairs of x and y; a y that is not finite leaves a gap. */
  readonly points: readonly (readonly [number, number])[];
  /** Drawn thin and pale; where it leaves the top of the panel, cut off. */
  readonly background?: boolean;
}

/** One set of axes with its lines. */
export interface Panel {
  readonly title: string;
  readonly xLabel: string;
  readonly series: readonly Series[];
  /** Whether x grows by factors; not by default. */
  readonly logarithmic?: boolean;
  /** Whether only whole numbers mark the x axis; not by default. */
  readonly wholeX?: boolean;
  /** Whether the y axis starts at 0; not by default. */
  readonly fromZero?: boolean;
  /** Dashed lines across, with a label at the top. */
  readonly marks?: readonly { readonly x: number; readonly label: string }[];
}

/** What the drawing of an axis needs of a scale. */
interface Axis {
  (value: number): number | undefined;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

const width = 800, panelHeight = 270;
const left = 70, right = 20, above = 44, below = 46;
const plotHeight = panelHeight - above - below;
const ink = "#222", pale = "#ddd";
/** Average width of a letter at the size of the legend, for laying it out. */
const letter = 7;

/** Draws panels below each other as one SVG, dark on white, without references. */
export function drawChart(title: string, panels: readonly Panel[]): string {
  const height = panelHeight * panels.length;
  const body = panels.map((panel, i) =>
    `<g transform="translate(0 ${i * panelHeight})">\n${drawPanel(panel)}</g>\n`
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, sans-serif" font-size="12" role="img">\n` +
    `<title>${escape(title)}</title>\n` +
    `<rect width="${width}" height="${height}" fill="#fff"/>\n` +
    body.join("") + "</svg>\n";
}

function drawPanel(panel: Panel): string {
  const x = xAxis(panel), y = yAxis(panel);
  const bottom = above + plotHeight;
  const parts = [
    text(left, 24, panel.title, `font-size="14" font-weight="bold"`),
    legend(panel.series),
  ];
  for (const { value, label } of y.ticks) {
    const at = round(y(value));
    parts.push(
      line([left, at], [width - right, at], `stroke="${pale}"`),
      text(left - 8, round(at + 4), label, `text-anchor="end"`),
    );
  }
  for (const { value, label } of x.ticks) {
    const at = round(x(value));
    parts.push(
      line([at, bottom], [at, bottom + 5], `stroke="${ink}"`),
      text(at, bottom + 19, label, `text-anchor="middle"`),
    );
  }
  parts.push(
    line([left, bottom], [width - right, bottom], `stroke="${ink}"`),
    text(
      (left + width - right) / 2,
      bottom + 37,
      panel.xLabel,
      `text-anchor="middle"`,
    ),
    ...panel.series.map((series) => drawSeries(series, x, y)),
    ...(panel.marks ?? []).map((mark, i) => drawMark(mark, i, x)),
  );
  return parts.join("");
}

function xAxis({ series, logarithmic, wholeX }: Panel): Axis {
  const values = series.flatMap(({ points }) => points.map(([x]) => x));
  const [low, high] = extent(values);
  const range = [left, width - right];
  if (logarithmic) {
    const ends = low < high ? [low, high] : [low / 10, high * 10];
    const scale = scaleLog(ends, range);
    // Over many decades it gives most ticks an empty label.
    const format = scale.tickFormat(10, "~e");
    const ticks = scale.ticks(10).map((value) => ({
      value,
      label: format(value),
    }));
    return Object.assign((value: number) => scale(value), { ticks });
  }
  const scale = scaleLinear(
    low < high ? [low, high] : [low - 1, high + 1],
    range,
  );
  const format = scale.tickFormat(10);
  const ticks = scale.ticks(10)
    .filter((value) => !wholeX || Number.isInteger(value))
    .map((value) => ({
      value,
      label: wholeX ? String(value) : format(value),
    }));
  return Object.assign((value: number) => scale(value), { ticks });
}

function yAxis({ series, fromZero }: Panel): Axis {
  const valuesOf = (some: readonly Series[]) =>
    some.flatMap(({ points }) => points.map(([, y]) => y));
  const [least] = extent(valuesOf(series));
  const [, high] = extent(
    valuesOf(series.filter(({ background }) => !background)),
  );
  const low = fromZero ? Math.min(0, least) : least;
  const pad = Math.abs(high) / 10 || 0.5;
  const ends = low < high ? [low, high] : [low - pad, high + pad];
  const scale = scaleLinear(ends, [above + plotHeight, above])
    .nice(5).clamp(true);
  const format = scale.tickFormat(5);
  const ticks = scale.ticks(5).map((value) => ({
    value,
    label: format(value),
  }));
  return Object.assign((value: number) => scale(value), { ticks });
}

function extent(values: readonly number[]): [number, number] {
  let low = Infinity, high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : [0, 1];
}

function drawSeries(
  { points, color, background }: Series,
  x: Axis,
  y: Axis,
): string {
  let path = "", isDrawing = false;
  const dots: string[] = [];
  for (const [px, py] of points) {
    if (!Number.isFinite(py)) {
      isDrawing = false;
      continue;
    }
    const at = `${round(x(px))} ${round(y(py))}`;
    path += `${isDrawing ? "L" : "M"}${at}`;
    isDrawing = true;
    dots.push(`M${at}h0`);
  }
  const style = `fill="none" stroke="${color}"`;
  const stroke = background
    ? `${style} stroke-opacity="0.35"`
    : `${style} stroke-width="2" stroke-linejoin="round"`;
  const curve = `<path d="${path}" ${stroke}/>\n`;
  // Round dots, so that a lone epoch shows; many would hide the line.
  if (background || dots.length > 60) return curve;
  return curve +
    `<path d="${
      dots.join("")
    }" ${style} stroke-width="5" stroke-linecap="round"/>\n`;
}

function drawMark(
  { x: value, label }: { x: number; label: string },
  index: number,
  x: Axis,
): string {
  const at = round(x(value));
  const isRight = at > (left + width - right) / 2;
  return line(
    [at, above],
    [at, above + plotHeight],
    `stroke="${ink}" stroke-dasharray="4 4"`,
  ) + (label &&
    text(
      isRight ? at - 6 : at + 6,
      above + plotHeight - 8 - 16 * index,
      label,
      `text-anchor="${
        isRight ? "end" : "start"
      }" stroke="#fff" stroke-width="4" paint-order="stroke"`,
    ));
}

function legend(series: readonly Series[]): string {
  let end = width - right;
  return series.toReversed().map(({ label, color, background }) => {
    const start = end - 28 - label.length * letter;
    end = start - 20;
    const opacity = background ? ` stroke-opacity="0.35"` : "";
    return line(
      [round(start), 20],
      [round(start + 20), 20],
      `stroke="${color}" stroke-width="3"${opacity}`,
    ) + text(round(start + 26), 24, label, "");
  }).join("");
}

function line(
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
  style: string,
): string {
  return `<path d="M${x1} ${y1}L${x2} ${y2}" fill="none" ${style}/>\n`;
}

function text(x: number, y: number, content: string, style: string): string {
  return content &&
    `<text x="${x}" y="${y}" fill="${ink}" ${style}>${
      escape(content)
    }</text>\n`;
}

function round(value: number | undefined): number {
  return Math.round(value! * 10) / 10;
}

function escape(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
