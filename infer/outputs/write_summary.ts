import { onOneLine } from "@unet/errors";
import { classTotals, objectClassTotals } from "./_class_table.ts";
import { drawHistogram, type HistogramBar } from "./_draw_histogram.ts";
import { escaped, isolated, whole } from "./_html.ts";
import { imageTable } from "./_image_table.ts";
import { summaryStyle } from "./_summary_style.ts";
import { TextFile } from "./_text_file.ts";
import { areaOfClass } from "./size_class.ts";
import type { SummaryRow } from "./summary_row.ts";

/** The facts around the table of a summary. */
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
  for (const line of imageTable(done)) await file.write(line);
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
  const isOpen = rows.some(({ stack, isLinked }) => stack && !isLinked);
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
