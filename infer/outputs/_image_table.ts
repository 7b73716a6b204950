import { onOneLine } from "@unet/errors";
import {
  classCells,
  classColumns,
  objectClassCells,
  objectClassColumns,
} from "./_class_table.ts";
import { addressOf, escaped, isolated, whole } from "./_html.ts";
import { sectionOf, wordStack } from "./stack_shape.ts";
import type { SummaryRow } from "./summary_row.ts";

/** The longest side of a picture in the table, in CSS pixels. */
const side = 160;

/** The table of images, line by line; nothing where there are none. */
export function* imageTable(
  rows: readonly SummaryRow[],
): Generator<string, void, void> {
  if (rows.length === 0) return;
  const columns = columnsOf(rows);
  yield tableHead(columns);
  for (const row of rows) yield tableRow(row, columns);
  yield "</tbody>\n</table>\n";
}

/** Which columns the table of images has. */
interface Columns {
  /** Whether objects were counted. */
  readonly ofObjects: boolean;
  /** Whether their areas are known in µm². */
  readonly inMicrometers: boolean;
  /** The classes that have a column. */
  readonly classes: readonly string[];
  /** The classes of objects that have a column. */
  readonly objectClasses: readonly string[];
}

function columnsOf(rows: readonly SummaryRow[]): Columns {
  return {
    // A page of images that have nothing counted has the usual columns.
    ofObjects: rows.some(({ classes }) => classes === undefined),
    inMicrometers: rows.some((row) => row.meanMicrometers !== undefined),
    classes: classColumns(rows),
    objectClasses: objectClassColumns(rows),
  };
}

function tableHead(
  { ofObjects, inMicrometers, classes, objectClasses }: Columns,
): string {
  const numbers = [
    "Size in pixels",
    ...(ofObjects ? ["Objects", "Share of pixels", "Mean area in pixels"] : []),
    ...(inMicrometers ? ["Mean area in µm²"] : []),
    ...objectClasses.map((name) => `Objects of ${isolated(name)}`),
    ...classes.map((name) => `Share of ${isolated(name)}`),
  ];
  const cells = [
    ...["Overlay", "Image"].map((name) => `<th scope="col">${name}</th>`),
    ...numbers.map((name) => `<th scope="col" class="number">${name}</th>`),
  ];
  return `<h2>Images</h2>\n<table class="images">\n<thead><tr>${
    cells.join("")
  }</tr></thead>\n<tbody>\n`;
}

function tableRow(row: SummaryRow, columns: Columns): string {
  const { ofObjects, inMicrometers, classes } = columns;
  const { name, link } = row;
  const shown = link === undefined
    ? isolated(name)
    : `<a href="${addressOf(link)}">${isolated(name)}</a>`;
  const numbers = [
    sizeOf(row),
    ...(ofObjects
      ? [
        objectsOf(row),
        row.share === undefined ? "" : `${(100 * row.share).toFixed(1)} %`,
        row.meanArea === undefined ? "" : row.meanArea.toFixed(1),
      ]
      : []),
    ...(inMicrometers ? [row.meanMicrometers?.toFixed(1) ?? ""] : []),
    ...objectClassCells(row, columns.objectClasses),
    ...classCells(row, classes),
  ];
  const cells = numbers.map((value) => `<td class="number">${value}</td>`);
  return `<tr><td>${pictureOf(row)}</td><th scope="row">${shown}</th>${
    cells.join("")
  }</tr>\n`;
}

/** As in "512 × 384, 5 planes". */
function sizeOf({ width, height, stack }: SummaryRow): string {
  if (width === undefined || height === undefined) return "";
  return `${width} × ${height}${stack ? `, ${wordStack(stack)}` : ""}`;
}

/** As in "12", and of a stack as in "12 in 57 sections". */
function objectsOf(
  { objects, stack, sections, isLinked }: SummaryRow,
): string {
  if (objects === undefined) return "";
  if (!stack || sections === undefined) return whole(objects);
  const word = sectionOf(stack.axis) + (sections === 1 ? "" : "s");
  const counted = `${whole(sections)} ${word}`;
  return isLinked ? `${whole(objects)} in ${counted}` : counted;
}

/** The picture, of a known size so that the page does not move under a reader. */
function pictureOf({ name, picture, width, height }: SummaryRow): string {
  if (picture === undefined) return "";
  const address = addressOf(picture);
  const scale = width && height
    ? Math.min(1, side / Math.max(width, height))
    : 0;
  const size = scale > 0
    ? ` width="${Math.max(1, Math.round(width! * scale))}" height="${
      Math.max(1, Math.round(height! * scale))
    }"`
    : "";
  return `<a href="${address}"><img alt="Overlay of ${
    escaped(onOneLine(name))
  }" loading="lazy" decoding="async"${size} src="${address}"></a>`;
}
