import { onOneLine } from "@unet/errors";
import {
  classCells,
  classColumns,
  classTotals,
  objectClassCells,
  objectClassColumns,
  objectClassTotals,
} from "./_class_table.ts";
import { drawHistogram, type HistogramBar } from "./_draw_histogram.ts";
import { addressOf, escaped, isolated, whole } from "./_html.ts";
import { summaryStyle } from "./_summary_style.ts";
import { TextFile } from "./_text_file.ts";
import type { ClassArea } from "./class_areas.ts";
import type { ClassCount } from "./class_counts.ts";
import { sectionOf, type StackShape, wordStack } from "./stack_shape.ts";
import { areaOfClass } from "./size_class.ts";

/** What a summary says of an image. */
export interface SummaryRow {
  /** The image, as a person would write it. */
  readonly name: string;
  /** What went wrong, if something did; nothing else is shown then. */
  readonly error?: string;
  /** A file to open, as a path from the page's folder, with `/`. */
  readonly link?: string;
  /**
   * A picture with the objects, as a path from the page's folder, with `/`: the
   * page shows it small and opens it in its full size.
   */
  readonly picture?: string;
  /** Pixels per row. */
  readonly width?: number;
  /** Rows. */
  readonly height?: number;
  /** How many objects were found. */
  readonly objects?: number;
  /** What a stack is made of; absent where the image is none. */
  readonly stack?: StackShape;
  /** The sections of a stack's objects, one per object and plane. */
  readonly sections?: number;
  /** The objects' share of the pixels, 0…1. */
  readonly share?: number;
  /** The objects' mean area in pixels. */
  readonly meanArea?: number;
  /** The objects' mean area in µm². */
  readonly meanMicrometers?: number;
  /** How many objects there are of each size class (`sizeClassOf()`). */
  readonly sizes?: Readonly<Record<string, number>>;
  /** The area of each class, the background's first, where it has classes. */
  readonly classes?: readonly ClassArea[];
  /** The objects of each class, where objects have classes. */
  readonly objectClasses?: readonly ClassCount[];
  /** µm² per pixel, where that is known. */
  readonly pixelArea?: number;
}

/** What stands around the table. */
export interface SummaryOptions {
  /** The page's title; "Segmentation" by default. */
  readonly title?: string;
  /** What to list, as in `{ Model: "nuclei", Threshold: "0.5" }`. */
  readonly facts?: Readonly<Record<string, string>>;
  /** A command line, listed as such; none by default. */
  readonly command?: string;
  /**
   * µm² per pixel, where it is the same for every image; the histogram is in
   * pixels by default.
   */
  readonly pixelArea?: number;
}

/** The longest side of a picture in the table, in CSS pixels. */
const side = 160;

/** Bars of a histogram, at most. */
const mostBars = 32;

/** The class of an object of 2⁶⁴ pixels, which is larger than any. */
const largestClass = 256;

/**
 * Writes a page that sums up a batch: totals, a histogram of sizes, areas of
 * classes, what failed, and a table of images with pictures, counts, the
 * objects' share and mean area, and the share of each class. It has no scripts, loads nothing but the pictures beside it, each
 * when it comes into view, can be printed, and shows names as text whatever is
 * in them.
 *
 * @param path The file, replaced if it is there.
 * @param rows The images, in the order in which they are shown.
 * @param options What stands around the table.
 * @throws {FileError} If it cannot be written; nothing of it is left then.
 *
 * @example
 * ```ts
 * import { writeSummary } from "@unet/infer/outputs";
 * import { assert } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/summary.html`;
 * await writeSummary(path, [
 *   { name: "a.tif", objects: 12, share: 0.2, meanArea: 310.5 },
 *   { name: "<b>.tif", error: "a text file" },
 * ]);
 * const page = await Deno.readTextFile(path);
 * assert(page.includes("&lt;b&gt;.tif"));
 * ```
 */
export async function writeSummary(
  path: string,
  rows: readonly SummaryRow[],
  options: SummaryOptions = {},
): Promise<void> {
  await using file = await TextFile.open(path, "summary");
  const failed = rows.filter(({ error }) => error !== undefined);
  const done = rows.filter(({ error }) => error === undefined);
  await file.write(head(options.title ?? "Segmentation"));
  await file.write(totals(done, failed) + facts(options));
  await file.write(
    histogram(done, options) + objectClassTotals(done) + classTotals(done),
  );
  if (failed.length > 0) {
    await file.write(
      '<h2 id="failed">Failed</h2>\n<table>\n<thead><tr><th scope="col">Image</th><th scope="col">Reason</th></tr></thead>\n<tbody>\n',
    );
    for (const { name, error = "" } of failed) {
      await file.write(
        `<tr><th scope="row">${isolated(name)}</th><td>${
          isolated(error)
        }</td></tr>\n`,
      );
    }
    await file.write("</tbody>\n</table>\n");
  }
  if (done.length > 0) {
    const columns = columnsOf(done);
    await file.write(tableHead(columns));
    for (const row of done) await file.write(tableRow(row, columns));
    await file.write("</tbody>\n</table>\n");
  }
  await file.write("</main>\n</body>\n</html>\n");
  await file.finish();
}

function head(title: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(onOneLine(title))}</title>
<style>${summaryStyle}</style>
</head>
<body>
<main>
<h1>${isolated(title)}</h1>
`;
}

function totals(
  done: readonly SummaryRow[],
  failed: readonly SummaryRow[],
): string {
  const counted = done.filter(({ objects }) => objects !== undefined);
  const objects = counted.reduce((sum, row) => sum + row.objects!, 0);
  const facts: [name: string, value: string][] = [
    ["Images", whole(done.length)],
    ...counted.length === 0
      ? []
      : [[nameOfObjects(counted), whole(objects)] as [string, string]],
    [
      "Failed",
      failed.length > 0 ? `<a href="#failed">${whole(failed.length)}</a>` : "0",
    ],
  ];
  return list("totals", facts);
}

/** What is counted: sections of stacks that are not linked are no objects. */
function nameOfObjects(rows: readonly SummaryRow[]): string {
  const isOpen = rows.some(({ stack, objects, sections }) =>
    stack !== undefined && objects === sections
  );
  return isOpen ? "Objects, and sections that are not linked" : "Objects";
}

function facts({ facts = {}, command }: SummaryOptions): string {
  const listed = Object.entries(facts).map((
    [name, value],
  ): [string, string] => [
    ...[isolated(name), isolated(value)] as const,
  ]);
  if (command !== undefined) {
    listed.push(["Command", `<code>${isolated(command)}</code>`]);
  }
  return listed.length === 0 ? "" : list("facts", listed);
}

function list(
  name: string,
  facts: readonly (readonly [name: string, value: string])[],
): string {
  const lines = facts.map(([name, value]) =>
    `<div><dt>${name}</dt><dd>${value}</dd></div>`
  );
  return `<dl class="${name}">\n${lines.join("\n")}\n</dl>\n`;
}

function histogram(
  rows: readonly SummaryRow[],
  { pixelArea }: SummaryOptions,
): string {
  const bars = barsOf(rows, pixelArea ?? 1);
  if (bars.length === 0) return "";
  const unit = pixelArea === undefined ? "pixels" : "µm²";
  return `<h2>Sizes of objects</h2>\n${drawHistogram(bars, unit)}`;
}

/** Bars from the smallest object to the largest, without a gap. */
function barsOf(
  rows: readonly SummaryRow[],
  pixelArea: number,
): HistogramBar[] {
  const counts = new Map<number, number>();
  for (const { sizes = {} } of rows) {
    for (const [name, count] of Object.entries(sizes)) {
      const sizeClass = Number(name);
      // What a manifest says that somebody wrote on.
      if (!(Number.isInteger(sizeClass) && sizeClass >= 0)) continue;
      if (sizeClass > largestClass) continue;
      counts.set(sizeClass, (counts.get(sizeClass) ?? 0) + count);
    }
  }
  const classes = [...counts.keys()].sort((a, b) => a - b);
  const first = classes[0], last = classes.at(-1);
  if (first === undefined || last === undefined) return [];
  const atOnce = Math.ceil((last + 1 - first) / mostBars);
  const bars: HistogramBar[] = [];
  for (let from = first; from <= last; from += atOnce) {
    let count = 0;
    for (let each = from; each < from + atOnce; each++) {
      count += counts.get(each) ?? 0;
    }
    bars.push({
      from: areaOfClass(from) * pixelArea,
      to: areaOfClass(from + atOnce) * pixelArea,
      count,
    });
  }
  return bars;
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
function objectsOf({ objects, stack, sections }: SummaryRow): string {
  if (objects === undefined) return "";
  if (!stack || sections === undefined) return whole(objects);
  const counted = `${whole(sections)} ${sectionOf(stack.axis)}s`;
  return objects === sections ? counted : `${whole(objects)} in ${counted}`;
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
