import { isolated, whole } from "./_html.ts";
import { type ClassArea, sumClassAreas } from "./class_areas.ts";
import { type ClassCount, sumClassCounts } from "./class_counts.ts";
import { classColor } from "./class_color.ts";

/** What a row of a summary says of classes. */
interface ClassRow {
  /** The image's classes, the background first; absent where it has none. */
  readonly classes?: readonly ClassArea[];
  /** Its objects of each class; absent where objects have none. */
  readonly objectClasses?: readonly ClassCount[];
  /** µm² per pixel, where that is known. */
  readonly pixelArea?: number;
}

/** The totals of all classes, as a table; nothing where no image has any. */
export function classTotals(rows: readonly ClassRow[]): string {
  const counted = rows.filter(({ classes }) => classes !== undefined);
  if (counted.length === 0) return "";
  const sums = sumClassAreas(counted.map(({ classes }) => classes!));
  const all = sums.reduce((sum, { pixels }) => sum + pixels, 0);
  const isKnown = counted.every(({ pixelArea }) => pixelArea !== undefined);
  const micrometers = sumClassAreas(
    counted.map(({ classes, pixelArea = 0 }) =>
      classes!.map(({ name, pixels }) => ({ name, pixels: pixels * pixelArea }))
    ),
  );
  const lines = sums.map(({ name, pixels }, at) => {
    const cells = [
      whole(pixels),
      ...(isKnown ? [micrometers[at]!.pixels.toFixed(1)] : []),
      `${(100 * pixels / all).toFixed(1)} %`,
    ];
    const number = counted
      .map(({ classes }) => classes!.findIndex((each) => each.name === name))
      .find((found) => found >= 0)!;
    return `<tr><th scope="row">${swatch(number)}${isolated(name)}</th>${
      cells.map((cell) => `<td class="number">${cell}</td>`).join("")
    }</tr>\n`;
  });
  const names = [
    "Area in pixels",
    ...(isKnown ? ["Area in µm²"] : []),
    "Share of pixels",
  ];
  return '<h2>Classes</h2>\n<table class="sizes">\n<thead><tr>' +
    `<th scope="col">Class</th>${
      names.map((name) => `<th scope="col" class="number">${name}</th>`).join(
        "",
      )
    }</tr></thead>\n<tbody>\n${lines.join("")}</tbody>\n</table>\n`;
}

/** The objects of all classes, as a table; nothing where no image has any. */
export function objectClassTotals(rows: readonly ClassRow[]): string {
  const sums = sumClassCounts(
    rows.map(({ objectClasses = [] }) => objectClasses),
  );
  if (sums.length === 0) return "";
  const all = sums.reduce((sum, { objects }) => sum + objects, 0);
  const lines = sums.map(({ name, objects }, at) => {
    const share = all === 0 ? "" : `${(100 * objects / all).toFixed(1)} %`;
    return `<tr><th scope="row">${swatch(at + 1)}${isolated(name)}</th>` +
      `<td class="number">${whole(objects)}</td>` +
      `<td class="number">${share}</td></tr>\n`;
  });
  return '<h2>Classes of objects</h2>\n<table class="sizes">\n<thead><tr>' +
    '<th scope="col">Class</th><th scope="col" class="number">Objects</th>' +
    '<th scope="col" class="number">Share of objects</th></tr></thead>\n' +
    `<tbody>\n${lines.join("")}</tbody>\n</table>\n`;
}

/** The classes of objects that have a column, each name once. */
export function objectClassColumns(rows: readonly ClassRow[]): string[] {
  return sumClassCounts(rows.map(({ objectClasses = [] }) => objectClasses))
    .map(({ name }) => name);
}

/** A row's objects of the classes; empty where it has no such. */
export function objectClassCells(
  { objectClasses = [] }: ClassRow,
  columns: readonly string[],
): string[] {
  return columns.map((column) => {
    const own = objectClasses.find(({ name }) => name === column);
    return own ? whole(own.objects) : "";
  });
}

/** The classes of a table's columns: all but backgrounds, each name once. */
export function classColumns(rows: readonly ClassRow[]): string[] {
  const names = rows.flatMap(({ classes = [] }) =>
    classes.slice(1).map(({ name }) => name)
  );
  return [...new Set(names)];
}

/** A row's shares of the classes, in percent; empty where it has no such. */
export function classCells(
  { classes = [] }: ClassRow,
  columns: readonly string[],
): string[] {
  const all = classes.reduce((sum, { pixels }) => sum + pixels, 0);
  return columns.map((column) => {
    const own = classes.find(({ name }) => name === column);
    return own ? `${(100 * own.pixels / all).toFixed(1)} %` : "";
  });
}

/** A square in a class's color; its name stands beside it. */
function swatch(number: number): string {
  const color = classColor(number).join(",");
  return `<span class="swatch" style="background:rgb(${color})"></span>`;
}
