import { cannot, UsageError } from "@unet/errors";
import type { Finding } from "../windows/class_head.ts";
import { classCsv } from "./class_csv.ts";
import { classOverlay } from "./class_overlay.ts";
import { classPng } from "./class_png.ts";
import { classProbability } from "./class_probability.ts";
import { classTiff } from "./class_tiff.ts";
import { coco } from "./coco.ts";
import { csv } from "./csv.ts";
import type { AnyFormat, OutputStyle } from "./format.ts";
import { geojson } from "./geojson.ts";
import { labels } from "./labels.ts";
import { classOmeZarr, omeZarr } from "./ome_zarr.ts";
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
  "ome-zarr",
  "geojson",
  "roi",
  "coco",
  "csv",
] as const;

/**
 * What is written of an image: its mask or class map as `png` or `tiff`, the
 * network's `probability`, an `overlay` to look at; of its instances `labels`;
 * its instances or class map as `ome-zarr`; the outlines of instances or of
 * regions of a class as `geojson` (QuPath) or `roi` (ImageJ); the pixels of
 * instances as `coco`; and measurements or areas as `csv`.
 */
export type OutputFormat = typeof outputFormats[number];

/** An output format, or the picture that a summary shows. */
export type PlannedFormat = OutputFormat | "preview";

/** How outputs are named, made and opened, by their names. */
export type FormatTable = Readonly<Record<string, AnyFormat>>;

/** The outputs of a network that finds objects, in the order of their names. */
export const objectFormats: Readonly<Record<PlannedFormat, AnyFormat>> = {
  ...{ png, tiff, probability, overlay, labels },
  "ome-zarr": omeZarr(),
  ...{ geojson, roi, coco, csv, preview },
};

/** The outputs of a network that predicts a class per pixel. */
export const classFormats: FormatTable = {
  png: classPng,
  tiff: classTiff,
  probability: classProbability,
  overlay: classOverlay,
  "ome-zarr": classOmeZarr(),
  geojson: { ...geojson, help: "regions per class, for QuPath" },
  roi: { ...roi, help: "regions per class, for ImageJ" },
  csv: classCsv,
  preview,
};

/** The outputs of a network, by what is found with it. */
export const formatsOf: Readonly<Record<Finding, FormatTable>> = {
  objects: objectFormats,
  classes: classFormats,
};

/**
 * Makes sure that a network gives what is to be written.
 *
 * @param formats What is to be written of each image.
 * @param finding What is found with the network.
 * @throws {UsageError} If it does not give one of them; the message lists those
 * that it gives.
 *
 * @example
 * ```ts
 * import { checkFormats } from "@unet/infer";
 * import { assertThrows } from "@std/assert";
 *
 * checkFormats(["png", "labels"], "objects");
 * assertThrows(() => checkFormats(["png", "labels"], "classes"));
 * ```
 */
export function checkFormats(
  formats: readonly OutputFormat[],
  finding: Finding,
): void {
  const table = formatsOf[finding];
  const missing = formats.find((format) => table[format] === undefined);
  if (missing === undefined) return;
  const given = outputFormats.filter((format) => table[format] !== undefined);
  throw new UsageError(
    cannot("write", "format", missing, {
      found: "a network that predicts a class per pixel and no instances",
      expected: given.join(", "),
    }),
  );
}

/**
 * Describes the content of a format in a few words.
 *
 * @param format The format.
 * @param finding What is found with the network; objects by default.
 * @returns As in "outlines for QuPath"; undefined where such a network does not
 * give it.
 *
 * @example
 * ```ts
 * import { describeFormat } from "@unet/infer";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(describeFormat("labels"), "instance numbers");
 * assertEquals(describeFormat("labels", "classes"), undefined);
 * ```
 */
export function describeFormat(
  format: OutputFormat,
  finding: Finding = "objects",
): string | undefined {
  return formatsOf[finding][format]?.help;
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
  return isOfInstances(objectFormats[format]);
}

/** Whether a format is made of instances rather than pixels. */
export function isOfInstances({ takes }: AnyFormat): boolean {
  return ["labels", "instances", "measured"].includes(takes);
}

/**
 * The ending of an output's name, whatever is found with the network.
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
  return endingOf(objectFormats[format], pyramid);
}

/** The ending of an output's name. */
export function endingOf(
  { ending, pyramidEnding = ending }: AnyFormat,
  pyramid: boolean,
): string {
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
  { options = [] }: AnyFormat,
  { style, pyramid }: OutputStyle,
): string | undefined {
  if (options.includes("style")) return style;
  return pyramid && options.includes("pyramid") ? "pyramid" : undefined;
}
