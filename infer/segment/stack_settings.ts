import { cannot, UsageError } from "@unet/errors";
import {
  formatsOf,
  type FormatTable,
  type OutputFormat,
  outputFormats,
} from "../formats/formats.ts";
import type { Finding } from "../windows/class_head.ts";
import type { StackAxis } from "../instances/instance.ts";
import type { SourceOptions } from "./open_source.ts";
import type { ResultSettings, SegmentOptions } from "./segment_options.ts";

/**
 * What the stack is made of that settings ask for.
 *
 * @returns Nothing where they ask for one plane of each file.
 */
export function stackAxisOf(
  { plane, time }: ResultSettings,
): StackAxis | undefined {
  if (plane === "all") return "plane";
  return time === "all" ? "time" : undefined;
}

/** Settings as one plane is read with, those of a stack left open. */
export function onePlane(settings: ResultSettings): SourceOptions {
  const { plane, time, link: _, ...others } = settings;
  return {
    ...others,
    ...(plane !== undefined && plane !== "all" && { plane }),
    ...(time !== undefined && time !== "all" && { time }),
  };
}

/** The formats that are written; where none are chosen, the mask. */
export function chosenFormats(
  { formats, settings = {} }: Pick<SegmentOptions, "formats" | "settings">,
): readonly OutputFormat[] {
  return formats ?? [stackAxisOf(settings) === undefined ? "png" : "tiff"];
}

/**
 * Refuses what cannot be of a stack: planes and times at once, links without a
 * stack or without objects, and formats that hold one plane.
 *
 * @param options What is asked for.
 * @param finding What is found with the network.
 * @throws {UsageError} If that is asked for.
 */
export function checkStack(
  options: Pick<SegmentOptions, "formats" | "customFormats" | "settings">,
  finding: Finding,
): void {
  const { settings = {} } = options, { plane, time, link } = settings;
  if (plane === "all" && time === "all") {
    throw new UsageError(cannot("use", "setting", "time", {
      found: '"all" beside `plane all`',
      expected: "one of the two",
      remedy: "run it once per time point, each with an `out` of its own",
    }));
  }
  const axis = stackAxisOf(settings);
  if (link !== undefined && !(link > 0 && link <= 1)) {
    throw new UsageError(cannot("use", "setting", "link", {
      found: String(link),
      expected: "an intersection over union above 0 and up to 1",
    }));
  }
  if (finding === "classes" && link !== undefined) {
    throw new UsageError(cannot("use", "setting", "link", {
      found: "a network that predicts a class per pixel",
      expected: "one that finds objects",
    }));
  }
  if (axis === undefined) {
    if (link === undefined) return;
    throw new UsageError(cannot("use", "setting", "link", {
      found: "one plane of each file",
      expected: "several planes or time points",
      remedy: "add `plane all` or `time all`",
    }));
  }
  const { customFormats = {} } = options;
  const table: FormatTable = { ...formatsOf[finding], ...customFormats };
  const flat = [...chosenFormats(options), ...Object.keys(customFormats)]
    .find((format) => table[format]?.holdsStacks !== true);
  if (flat === undefined) return;
  const one = axis === "plane" ? "plane" : "time point";
  const others = outputFormats
    .filter((format) => table[format]?.holdsStacks);
  throw new UsageError(cannot("write", "format", flat, {
    found: `\`${axis} all\`, and a ${flat.toUpperCase()} holds one ${one}`,
    expected: others.join(", "),
    remedy: "use `formats tiff`",
  }));
}
