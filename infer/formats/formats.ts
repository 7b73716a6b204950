import { csv } from "./csv.ts";
import type { AnyFormat, OutputStyle } from "./format.ts";
import { geojson } from "./geojson.ts";
import { labels } from "./labels.ts";
import { overlay } from "./overlay.ts";
import { png } from "./png.ts";
import { preview } from "./preview.ts";
import { probability } from "./probability.ts";
import { roi } from "./roi.ts";
import { tiff } from "./tiff.ts";

/** The names of all formats, the mask first. */
export const outputFormats = [
  "png",
  "tiff",
  "probability",
  "overlay",
  "labels",
  "geojson",
  "roi",
  "csv",
] as const;

/**
 * What is written of an image: its mask as `png` or `tiff`, the network's
 * `probability`, an `overlay` to look at; and of its instances `labels`, the
 * outlines as `geojson` (QuPath) or `roi` (ImageJ), and measurements as `csv`.
 */
export type OutputFormat = typeof outputFormats[number];

/** An output format, or the picture that a summary shows. */
export type PlannedFormat = OutputFormat | "preview";

/** How each output is named, made and opened, in the order of their names. */
export const plannedFormats: Readonly<Record<PlannedFormat, AnyFormat>> = {
  ...{ png, tiff, probability, overlay, labels, geojson, roi, csv },
  preview,
};

/**
 * What a format holds, in a few words.
 *
 * @param format The format.
 * @returns As in "outlines for QuPath".
 *
 * @example
 * ```ts
 * import { describeFormat } from "@unet/infer";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(describeFormat("labels"), "instance numbers");
 * ```
 */
export function describeFormat(format: OutputFormat): string {
  return plannedFormats[format].help;
}

/**
 * Whether a format is about instances.
 *
 * @param format The format.
 * @returns Whether it is made of instances rather than pixels.
 *
 * @example
 * ```ts
 * import { isInstanceFormat } from "@unet/infer";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([isInstanceFormat("roi"), isInstanceFormat("png")], [true, false]);
 * ```
 */
export function isInstanceFormat(format: OutputFormat): boolean {
  return ["labels", "instances", "measured"].includes(
    plannedFormats[format].takes,
  );
}

/**
 * The ending of an output's name.
 *
 * @param format The format.
 * @param pyramid Whether outputs have a pyramid.
 * @returns As in `_labels.tif`.
 *
 * @example
 * ```ts
 * import { endingOfOutput } from "@unet/infer";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(endingOfOutput("overlay", true), "_overlay.tif");
 * ```
 */
export function endingOfOutput(
  format: PlannedFormat,
  pyramid: boolean,
): string {
  const { ending, pyramidEnding = ending } = plannedFormats[format];
  return pyramid ? pyramidEnding : ending;
}

/**
 * How an output is written, where there is more than one way: the manifest
 * notes it, so that a rerun sees that it was asked for in another way.
 *
 * @param format The format.
 * @param look How outputs look.
 * @returns The drawing's style, or "pyramid"; undefined if there is one way.
 */
export function kindOfOutput(
  format: PlannedFormat,
  { style, pyramid }: OutputStyle,
): string | undefined {
  const { options = [] } = plannedFormats[format];
  if (options.includes("style")) return style;
  return pyramid && options.includes("pyramid") ? "pyramid" : undefined;
}
