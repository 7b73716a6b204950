import { briefText, count } from "@unet/errors";
import { parseJson } from "@unet/files";
import { pixelSizeOfTags } from "../images/pixel_size.ts";
import { plainSeries } from "./plain_series.ts";
import { pageBytesOf, requireStored } from "./tiff_backing.ts";
import { pictureOf, type TiffPage } from "./tiff_page.ts";
import type { TiffPages } from "./tiff_set.ts";
import {
  resolutionOf,
  seriesOf,
  type TiffSeries,
  unnamed,
} from "./tiff_series.ts";
import type { ReadingNote } from "../images/image_choice.ts";

/** What tifffile says of an array. */
interface Described {
  readonly shape: readonly number[];
  /** A letter per dimension, where it is given. */
  readonly axes: string | undefined;
  /** Whether the file has a directory for the first page alone. */
  readonly isTruncated: boolean;
}

/** A dimension of an array along which its pages lie. */
interface PageAxis {
  readonly size: number;
  readonly kind: "channel" | "plane" | "time";
}

/**
 * The image of a file that tifffile has described as an array, as in
 * `{"shape": [2, 64, 60], "axes": "CYX"}`. Axes C and T are channels and time
 * points, all others planes; so are those that have no name.
 *
 * @returns Undefined where the text is another's, or does not fit the pages.
 * @throws {FileError} If rows and columns are not the array's last dimensions,
 * so that a page is no picture.
 */
export function shapedSeries(
  pages: TiffPages,
  text: string,
): TiffSeries | undefined {
  const first = pages.at(0), described = parse(text);
  const leading = described && leadingOf(described.shape, first);
  if (!leading) return undefined;
  const { shape, axes } = described;
  const count = leading.reduce((product, size) => product * size, 1);
  // Truncated: pages that follow one another have one directory.
  const isStored = described.isTruncated && first.compression === 1 &&
    pages.count === 1;
  // tifffile stores three pages as color if it is not asked for anything else.
  const inPage = first.samples === 1 || axes === undefined && !first.isSeparate
    ? "S"
    : axes === undefined
    ? "C"
    : axes[first.isSeparate ? leading.length : axes.length - 1]!;
  if (count === 1 && inPage === "S") return undefined;
  if (count > pages.count && !isStored) return withoutPages(pages, count);
  if (isStored) requireStored(first, count);
  requirePictures(first, shape, axes);
  const kinds: PageAxis[] = leading.map((size, at) => ({
    size,
    kind: axes?.[at] === "C"
      ? "channel"
      : axes?.[at] === "T"
      ? "time"
      : "plane",
  }));
  const sizeOf = (kind: PageAxis["kind"]): number =>
    kinds.reduce(
      (product, one) => one.kind === kind ? product * one.size : product,
      1,
    );
  const pageBytes = pageBytesOf(first);
  return seriesOf(first, {
    names: unnamed(sizeOf("channel"), first),
    isNoColor: inPage !== "S" && inPage !== "C",
    planes: sizeOf("plane"),
    times: sizeOf("time"),
    pageOf: (channel, plane, time) =>
      Promise.try(() => {
        const index = indexOf(kinds, { channel, plane, time });
        return isStored && index > 0
          ? { ...first, shift: index * pageBytes }
          : pages.at(index);
      }),
    pixelSize: pixelSizeOfTags(resolutionOf(first)),
    notes: [
      ...(pages.count > count ? [pagesNote(pages.count, count)] : []),
      ...(inPage === "C" && pictureOf(first) ? [colorNote(first.samples)] : []),
    ],
  });
}

/** What is there of an array, as a program leaves it that keeps one page. */
function withoutPages(pages: TiffPages, described: number): TiffSeries {
  const series = plainSeries(pages, "");
  const text = `${count(pages.count, "page")}, ${described} in tifffile's ` +
    "description: pages that are there taken";
  return { ...series, notes: [...series.notes, { kind: "pages", text }] };
}

function pagesNote(found: number, taken: number): ReadingNote {
  const text = `${found} pages, ${taken} in the first array: ` +
    `these ${taken} taken`;
  return { kind: "pages", text };
}

/** Some programs store the first channels of an array as color. */
function colorNote(channels: number): ReadingNote {
  return {
    kind: "channels",
    text: `${channels} channels, stored as color: the first three taken as ` +
      "red, green, blue",
  };
}

/** The place of a page among all, the last dimension the fastest. */
function indexOf(
  axes: readonly PageAxis[],
  wanted: Record<PageAxis["kind"], number>,
): number {
  const rest = { ...wanted };
  let index = 0, stride = 1;
  for (const { size, kind } of axes.toReversed()) {
    index += (rest[kind] % size) * stride;
    rest[kind] = Math.floor(rest[kind] / size);
    stride *= size;
  }
  return index;
}

function parse(
  text: string,
): Described | undefined {
  if (!/^\{"shape": ?\[[\d, ]{1,200}\]/.test(text)) return undefined;
  let value: { shape?: unknown; axes?: unknown; truncated?: unknown };
  try {
    value = parseJson(text) as typeof value;
  } catch (cause) {
    // Then it only looks like tifffile's.
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
  const { shape } = value;
  // Of a name that is given twice the last value counts, whatever it is.
  if (!isShape(shape)) return undefined;
  const isGiven = typeof value.axes === "string" &&
    value.axes.length === shape.length;
  return {
    shape,
    axes: isGiven ? String(value.axes).toUpperCase() : undefined,
    isTruncated: value.truncated === true,
  };
}

function isShape(value: unknown): value is number[] {
  return Array.isArray(value) &&
    value.every((size) => Number.isSafeInteger(size) && size > 0);
}

/** The dimensions in front of those of a page; undefined where none fit. */
function leadingOf(
  shape: readonly number[],
  { width, height, samples, isSeparate }: TiffPage,
): number[] | undefined {
  const own = samples === 1
    ? [height, width]
    : isSeparate
    ? [samples, height, width]
    : [height, width, samples];
  const from = shape.length - own.length;
  return own.every((size, at) => shape[from + at] === size)
    ? shape.slice(0, from)
    : undefined;
}

/** What an image is at least wide and high, where nothing names its axes. */
const fewest = 4;

/** An array of (rows, columns, 2) becomes a page per row, of no use to anybody. */
function requirePictures(
  page: TiffPage,
  shape: readonly number[],
  axes: string | undefined,
): void {
  const { width, height, samples, file } = page;
  const isRight = axes === undefined
    ? width > fewest && height > fewest
    : /YXS?$/.test(axes);
  if (samples > 1 || isRight) return;
  throw file.unreadable(
    `tifffile's array of ${axes ? `axes ${briefText(axes)}, ` : ""}shape ` +
      `(${
        briefText(shape.join(", "))
      }), stored as pages of ${width}×${height} pixels`,
    "rows and columns last",
    "write it with its axes moved, or with planarconfig contig",
  );
}
