import { cannot, UsageError } from "@unet/errors";
import { describeFormat, type OutputFormat, outputFormats } from "@unet/infer";
import type { InstanceOptions } from "@unet/infer/instances";
import type { Flag, Flags } from "./flags.ts";

/** The flags that say what is written of each image. */
export const outputFlags: readonly Flag[] = [
  {
    name: "format",
    kind: "text",
    value: "A,B",
    default: "png",
    help: `outputs: a list of ${describedFormats()}`,
  },
  {
    name: "overlay",
    kind: "switch",
    help: "also draws outlines on the image (the format overlay)",
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

/** The flags that say how instances are separated. */
export const instanceSettings: readonly Flag[] = [
  {
    name: "min-area",
    kind: "whole",
    minimum: 0,
    maximum: 1e9,
    help: "removes objects of fewer pixels; by default the model's card " +
      "specifies it, or else 20",
  },
  {
    name: "max-hole",
    kind: "whole",
    minimum: 0,
    maximum: 1e9,
    help: "fills holes of up to this many pixels; by default the model's " +
      "card specifies it, or else 20",
  },
  {
    name: "split-depth",
    kind: "number",
    minimum: 0,
    maximum: 100,
    help: "how deep the dip between two peaks must be (pixels) to split " +
      "an object; higher values split less; by default the model's " +
      "card specifies it, or else 0.75",
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
  ...instanceSettings,
];

/** Every format with what it holds; those that hold the same share the words. */
function describedFormats(): string {
  const byContent = Map.groupBy(outputFormats, describeFormat);
  return [...byContent].map(([content, names]) =>
    `${names.join(" or ")} (${content})`
  ).join(", ");
}

/**
 * The formats that the flags name.
 *
 * @param flags The command line.
 * @throws {UsageError} If one is none.
 */
export function formatsOf(flags: Flags): OutputFormat[] {
  const names = flags.text("format")!.split(",").map((name) => name.trim());
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
  // In one order, so that the same set is the same setting.
  return outputFormats.filter((format) => names.includes(format));
}

/**
 * How instances are separated, by the flags of {@linkcode instanceSettings}.
 *
 * @param flags The command line.
 */
export function instanceOptions(flags: Flags): InstanceOptions {
  const minimalArea = flags.number("min-area");
  const maximalHole = flags.number("max-hole");
  const depth = flags.number("split-depth");
  return {
    ...(minimalArea !== undefined && { minimalArea }),
    ...(maximalHole !== undefined && { maximalHole }),
    ...(depth !== undefined && { depth }),
  };
}
