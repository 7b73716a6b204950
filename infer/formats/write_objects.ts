/**
 * Writes objects as the formats of `segment()`, wherever they come from.
 *
 * @module
 */
import type { MeasuredInstances, OutputImage } from "./format.ts";
import { coco } from "./coco.ts";
import { csv } from "./csv.ts";
import { geojson } from "./geojson.ts";
import { roi } from "./roi.ts";

/** A format that objects are written as. */
export type ObjectFormat = "csv" | "geojson" | "roi" | "coco";

const formats = { csv, geojson, roi, coco } as const;

/** All of them. */
export const objectFormatNames: readonly ObjectFormat[] = Object.keys(
  formats,
) as ObjectFormat[];

/** The objects to write, and their image. */
export interface WrittenObjects extends
  MeasuredInstances,
  Pick<
    OutputImage,
    "name" | "width" | "height" | "pixelSize" | "channels"
  > {
  /** The names of the objects' classes, the background first; none by default. */
  readonly classes?: readonly string[];
}

/**
 * Writes objects and their measurements as a file, byte for byte as `segment()`
 * writes the same ones.
 *
 * @param path The file, replaced if it is there.
 * @param format What is written.
 * @param objects The objects.
 * @throws {FileError} If it cannot be written; nothing of it is left then.
 * @throws {RangeError} If an object cannot be, or was measured in other
 * channels.
 *
 * @example
 * ```ts
 * import { writeObjects } from "@unet/infer/write-objects";
 * import { measureInstance } from "@unet/infer/outputs";
 * import { assert } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/cells.csv`;
 * const box = { x: 3, y: 4, width: 1, height: 1 };
 * const instance = { label: 1, ...box, mask: new Uint8Array([1]) };
 * await writeObjects(path, "csv", {
 *   ...{ name: "cells.png", width: 8, height: 8, channels: [] },
 *   instances: [instance],
 *   measurements: [measureInstance(instance)],
 * });
 * assert((await Deno.readTextFile(path)).startsWith("label,bbox_x_px"));
 * ```
 */
export async function writeObjects(
  path: string,
  format: ObjectFormat,
  { classes, instances, measurements, ...image }: WrittenObjects,
): Promise<void> {
  const chosen = formats[format];
  const of: OutputImage = {
    ...image,
    ...{ style: "instances", pyramid: false },
    ...(classes && { classHead: { name: "class", classes } }),
  };
  if (chosen.takes === "measured") {
    await using writer = await chosen.open(path, of);
    await writer.write({ instances, measurements });
    await writer.finish();
  } else {
    await using writer = await chosen.open(path, of);
    await writer.write(instances);
    await writer.finish();
  }
}

/**
 * How the name of such a file ends, behind the image's without its own ending.
 *
 * @example
 * ```ts
 * import { endingOfObjects } from "@unet/infer/write-objects";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(endingOfObjects("roi"), "_rois.zip");
 * ```
 */
export function endingOfObjects(format: ObjectFormat): string {
  return formats[format].ending;
}
