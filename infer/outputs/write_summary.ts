import { onOneLine } from "@unet/errors";
import { TextFile } from "./_text_file.ts";
import { summaryStyle } from "./_summary_style.ts";

/** What a summary tells of an image. */
export interface SummaryRow {
  /** The image, as a person would write it. */
  readonly name: string;
  /** What went wrong, if something did; nothing else is shown then. */
  readonly error?: string;
  /** A file to open, as a path from the page's folder, with `/`. */
  readonly link?: string;
  /** A small JPEG, PNG or WebP, or a function that gives it when it is needed. */
  readonly thumbnail?: Uint8Array | (() => Promise<Uint8Array>);
  /** Pixels a row. */
  readonly width?: number;
  /** Rows. */
  readonly height?: number;
  /** How many objects were found. */
  readonly objects?: number;
  /** The objects' share of the pixels, 0…1. */
  readonly share?: number;
  /** The objects' mean area in pixels. */
  readonly meanArea?: number;
  /** The objects' mean area in µm². */
  readonly meanMicrometers?: number;
}

/** What stands around the table. */
export interface SummaryOptions {
  /** The page's title; "Segmentation" by default. */
  readonly title?: string;
  /** Settings to list, as in `{ model: "runs/nuclei", threshold: "0.5" }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /**
   * Bytes of thumbnails that the page takes in, 24 million by default: beyond
   * them a browser gets slow, and images have their link alone.
   */
  readonly largestThumbnails?: number;
}

/**
 * Writes a page that sums up a batch: totals, what failed, and a table of
 * images with thumbnails, counts, the objects' share and mean area. One file
 * without scripts, which loads nothing from elsewhere, can be printed, and
 * shows names as text whatever is in them.
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
  const { title = "Segmentation", settings = {} } = options;
  let room = options.largestThumbnails ?? 24e6;
  await using file = await TextFile.open(path, "summary");
  const failed = rows.filter(({ error }) => error !== undefined);
  const done = rows.filter(({ error }) => error === undefined);
  await file.write(head(title));
  await file.write(totals(done, failed, settings));
  if (failed.length > 0) {
    await file.write(
      '<h2 id="failed">Failed</h2>\n<table>\n<thead><tr><th scope="col">Image</th><th scope="col">Reason</th></tr></thead>\n<tbody>\n',
    );
    for (const { name, error = "" } of failed) {
      await file.write(
        `<tr><th scope="row">${text(name)}</th><td>${text(error)}</td></tr>\n`,
      );
    }
    await file.write("</tbody>\n</table>\n");
  }
  if (done.length > 0) {
    const inMicrometers = done.some((row) => row.meanMicrometers !== undefined);
    await file.write(tableHead(inMicrometers));
    for (const row of done) {
      const bytes = room > 0 ? await thumbnailOf(row) : undefined;
      const fits = bytes && bytes.length <= room ? bytes : undefined;
      // After the first that does not fit, none comes: no holes in the table.
      room = bytes && !fits ? 0 : room - (fits?.length ?? 0);
      await file.write(tableRow(row, inMicrometers, fits));
    }
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
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(onOneLine(title))}</title>
<style>${summaryStyle}</style>
</head>
<body>
<main>
<h1>${text(title)}</h1>
`;
}

function totals(
  done: readonly SummaryRow[],
  failed: readonly SummaryRow[],
  settings: Readonly<Record<string, string>>,
): string {
  const objects = done.reduce((sum, row) => sum + (row.objects ?? 0), 0);
  const counted = done.some((row) => row.objects !== undefined);
  const facts: [name: string, value: string][] = [
    ["Images", whole(done.length)],
    ...(counted ? [["Objects", whole(objects)] as [string, string]] : []),
    [
      "Failed",
      failed.length > 0 ? `<a href="#failed">${whole(failed.length)}</a>` : "0",
    ],
    ...Object.entries(settings).map(([name, value]): [string, string] => [
      text(name),
      text(value),
    ]),
  ];
  const lines = facts.map(([name, value]) =>
    `<div><dt>${name}</dt><dd>${value}</dd></div>`
  );
  return `<dl>\n${lines.join("\n")}\n</dl>\n`;
}

function tableHead(inMicrometers: boolean): string {
  const names = [
    ...["Overlay", "Image", "Size in pixels", "Objects", "Share of pixels"],
    "Mean area in pixels",
    ...(inMicrometers ? ["Mean area in µm²"] : []),
  ];
  const cells = names.map((name) => `<th scope="col">${name}</th>`).join("");
  return `<h2>Images</h2>\n<table class="images">\n<thead><tr>${cells}</tr></thead>\n<tbody>\n`;
}

function tableRow(
  row: SummaryRow,
  inMicrometers: boolean,
  thumbnail: Uint8Array | undefined,
): string {
  const { name, link, width, height } = row;
  const linked = (content: string) =>
    link === undefined
      ? content
      : `<a href="${addressOf(link)}">${content}</a>`;
  const picture = thumbnail
    ? linked(
      `<img alt="Overlay of ${
        escape(onOneLine(name))
      }" loading="lazy" decoding="async" src="data:${
        typeOf(thumbnail)
      };base64,${thumbnail.toBase64()}">`,
    )
    : "";
  const numbers = [
    width !== undefined && height !== undefined ? `${width} × ${height}` : "",
    row.objects === undefined ? "" : whole(row.objects),
    row.share === undefined ? "" : `${(100 * row.share).toFixed(1)} %`,
    row.meanArea === undefined ? "" : row.meanArea.toFixed(1),
    ...(inMicrometers ? [row.meanMicrometers?.toFixed(1) ?? ""] : []),
  ];
  const cells = numbers.map((value) => `<td>${value}</td>`).join("");
  return `<tr><td>${picture}</td><th scope="row">${
    linked(text(name))
  }</th>${cells}</tr>\n`;
}

async function thumbnailOf(
  { thumbnail }: SummaryRow,
): Promise<Uint8Array | undefined> {
  return typeof thumbnail === "function" ? await thumbnail() : thumbnail;
}

/** The media type of a small picture, by its first bytes. */
function typeOf(bytes: Uint8Array): string {
  if (bytes[0] === 0x89) return "image/png";
  return bytes[0] === 0xff ? "image/jpeg" : "image/webp";
}

/** A path as an address that leads nowhere but below the page. */
function addressOf(path: string): string {
  return `./${
    path.toWellFormed().split("/").map(encodeURIComponent).join("/")
  }`;
}

/** Text of unknown direction, spelled out on one line. */
function text(value: string): string {
  return `<bdi>${escape(onOneLine(value))}</bdi>`;
}

function escape(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;").replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** A whole number with thin spaces between its thousands. */
function whole(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, "\u2009");
}
