import { cannot, UsageError } from "@unet/errors";
import {
  isInstanceFormat,
  type OutputFormat,
  outputFormats,
} from "@unet/infer";
import type { InstanceOptions } from "@unet/infer/instances";
import type { Flag, Flags } from "./flags.ts";

/** The flags that say what is written of each image. */
export const outputFlags: readonly Flag[] = [
  {
    name: "format",
    kind: "text",
    value: "A,B",
    default: "png",
    help: `what is written, of ${outputFormats.join(", ")}`,
  },
  {
    name: "overlay",
    kind: "switch",
    help: "draws outlines on the image, too, as the format overlay does",
  },
  {
    name: "pyramid",
    kind: "switch",
    help: "adds smaller levels to TIFFs, and makes overlays TIFFs",
  },
  {
    name: "summary",
    kind: "switch",
    help: "writes summary.html, a page with a picture and counts of each image",
  },
];

/** The flags that say how instances are told apart. */
export const instanceSettings: readonly Flag[] = [
  {
    name: "min-area",
    kind: "whole",
    minimum: 0,
    maximum: 1e9,
    help: "objects of fewer pixels are left out; 20 if neither this " +
      "nor the model's card tells",
  },
  {
    name: "max-hole",
    kind: "whole",
    minimum: 0,
    maximum: 1e9,
    help: "holes of at most this many pixels are filled; 20 if neither this " +
      "nor the model's card tells",
  },
  {
    name: "split-depth",
    kind: "number",
    minimum: 0,
    maximum: 1e6,
    help:
      "pixels that the distance to the background has to fall between two " +
      "objects for them to be two; more splits less; 0.75 " +
      "if neither this nor the model's card tells",
  },
];

/** Those, and whether instances are told apart. */
export const instanceFlags: readonly Flag[] = [
  {
    name: "instances",
    kind: "switch",
    help: "tells touching objects apart: writes the format labels, and each " +
      "object in a color of its own on overlays",
  },
  ...instanceSettings,
];

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
 * How the flags of {@linkcode instanceSettings} say that instances are told
 * apart.
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

/**
 * How instances are told apart, where they are.
 *
 * @param flags The command line.
 * @param formats What is written.
 * @param preset What holds where the flags say nothing.
 */
export function instancesOf(
  flags: Flags,
  formats: readonly OutputFormat[],
  preset: InstanceOptions,
): InstanceOptions | undefined {
  if (!formats.some(isInstanceFormat)) return undefined;
  return { ...preset, ...instanceOptions(flags) };
}
