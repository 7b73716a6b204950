import { isAbsolute, join, relative, resolve } from "@std/path";
import { zarrPlaceOf } from "@unet/data";
import { cannot, FileError, UsageError } from "@unet/errors";
import type { OutputFormat } from "../formats/formats.ts";
import type { SegmentOptions } from "./segment_options.ts";

/**
 * Refuses a name of labels that no folder may have, and labels that no format
 * writes.
 *
 * @throws {UsageError} If it is one of these.
 */
export function checkIntoLabels(
  { intoLabels: name }: Pick<SegmentOptions, "intoLabels">,
  formats: readonly OutputFormat[],
): void {
  if (name === undefined) return;
  if (
    !/^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}_. -]{0,98}[\p{L}\p{M}\p{N}_-])?$/u.test(
      name,
    )
  ) {
    throw new UsageError(cannot("write", "labels", name, {
      found: "no name of a folder",
      expected: "letters, numbers, spaces, _, - and . after a letter or a " +
        "number, as in nuclei",
    }));
  }
  if (formats.includes("ome-zarr")) return;
  throw new UsageError(cannot("write", "labels", name, {
    found: `the formats ${formats.join(", ")}`,
    expected: "ome-zarr among them",
  }));
}

/**
 * Where the labels of an image go that lie in it.
 *
 * @param path The image.
 * @param name The labels' name.
 * @param out The output folder.
 * @returns Their path from the output folder.
 * @throws {FileError} If the image is no OME-Zarr in a folder.
 */
export function placeInLabels(
  path: string,
  name: string,
  out: string,
): string {
  const place = zarrPlaceOf(path);
  const labels = join(path, "labels", name);
  if (!place || place.isZip) {
    throw new FileError(cannot("write", "labels", labels, {
      found: place ? "an image in a zip" : "an image that is no OME-Zarr",
      expected: "an OME-Zarr in a folder",
      remedy: "write labels into the output folder: leave out `intoLabels`",
    }));
  }
  const way = relative(resolve(out), resolve(labels));
  if (!isAbsolute(way)) return way;
  throw new FileError(cannot("write", "labels", labels, {
    found: `an output folder on another drive, "${out}"`,
    expected: "one on the same",
  }));
}
