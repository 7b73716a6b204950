import { cannot, UsageError } from "@unet/errors";
import {
  describeFormat,
  type Finding,
  type OutputFormat,
  outputFormats,
} from "@unet/infer/formats";
import type { Flag, Flags } from "./flags.ts";
import { instanceSettingFlags } from "./setting_flags.ts";

/** The flags that say what is written of each image. */
export const outputFlags: readonly Flag[] = [
  {
    name: "format",
    kind: "text",
    value: "A,B",
    default: "png",
    help: `outputs: a list of ${describedFormats("objects")}. For a model of ` +
      `classes: ${describedFormats("classes")}. With --plane all or --time ` +
      "all, tiff is the default",
  },
  {
    name: "overlay",
    kind: "switch",
    help: "also draws outlines on the image (the format overlay)",
  },
  {
    name: "into-labels",
    kind: "text",
    value: "NAME",
    help: "writes the format ome-zarr into each image, as its labels/NAME, " +
      "instead of the output folder, and nothing else without --format; " +
      "for OME-Zarr images in folders",
  },
  {
    name: "pyramid",
    kind: "switch",
    help: "adds smaller levels to TIFFs, and writes overlays as TIFFs",
  },
  {
    name: "summary",
    kind: "switch",
    help: "writes summary.html, a page with totals, sizes, and a picture and " +
      "counts of each image",
  },
];

/** Those, and what is written of instances. */
export const instanceFlags: readonly Flag[] = [
  {
    name: "instances",
    kind: "switch",
    help: "also writes the instances (the format labels); overlays show " +
      "each in its own color",
  },
  ...instanceSettingFlags,
];

/** Every format with what it holds; those that hold the same share the words. */
function describedFormats(finding: Finding): string {
  const byContent = Map.groupBy(
    outputFormats,
    (format) => describeFormat(format, finding),
  );
  return [...byContent].flatMap(([content, names]) =>
    content === undefined ? [] : `${names.join(" or ")} (${content})`
  ).join(", ");
}

/**
 * The formats that the flags name.
 *
 * @param flags The command line.
 * @throws {UsageError} If one is none.
 */
export function formatsOf(flags: Flags): OutputFormat[] {
  const names = flags.given("format") || !flags.given("into-labels")
    ? namedFormats(flags)
    : [];
  for (const name of names) {
    if ((outputFormats as readonly string[]).includes(name)) continue;
    throw new UsageError(
      cannot("use", "flag", "--format", {
        found: `"${name}"`,
        expected: `some of ${outputFormats.join(", ")}, separated by commas`,
      }),
    );
  }
  if (flags.on("overlay")) names.push("overlay");
  if (flags.on("instances")) names.push("labels");
  if (flags.given("into-labels")) names.push("ome-zarr");
  // In one order, so that the same set is the same setting.
  return outputFormats.filter((format) => names.includes(format));
}

function namedFormats(flags: Flags): string[] {
  const isStack = ["plane", "time"].some((name) => flags.text(name) === "all");
  // A PNG holds one plane.
  const text = isStack && !flags.given("format")
    ? "tiff"
    : flags.text("format")!;
  return text.split(",").map((name) => name.trim());
}
