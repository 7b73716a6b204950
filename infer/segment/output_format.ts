/**
 * What is written of an image: its mask as `png` or `tiff`, the network's
 * `probability`, an `overlay` to look at; and of its instances `labels`, the
 * outlines as `geojson` (QuPath) or `roi` (ImageJ), and measurements as `csv`.
 */
export type OutputFormat =
  | "png"
  | "tiff"
  | "probability"
  | "overlay"
  | "labels"
  | "geojson"
  | "roi"
  | "csv";

/** The endings of outputs, behind the image's name without its own. */
const endings: Readonly<Record<OutputFormat, string>> = {
  png: ".png",
  tiff: ".tif",
  probability: "_probability.tif",
  overlay: "_overlay.png",
  labels: "_labels.tif",
  geojson: ".geojson",
  roi: "_rois.zip",
  csv: ".csv",
};

/** All formats. */
export const outputFormats: readonly OutputFormat[] = Object.keys(
  endings,
) as OutputFormat[];

/**
 * Tells whether a format is about instances.
 *
 * @param format The format.
 * @returns Whether instances are told apart for it.
 */
export function isInstanceFormat(format: OutputFormat): boolean {
  return ["labels", "geojson", "roi", "csv"].includes(format);
}

/**
 * The ending of an output's name.
 *
 * @param format The format.
 * @param pyramid Whether what is to be looked at is a TIFF with a pyramid.
 * @returns As in `_labels.tif`.
 */
export function endingOfOutput(format: OutputFormat, pyramid: boolean): string {
  return format === "overlay" && pyramid ? "_overlay.tif" : endings[format];
}
