import { pixelSizeOfTags } from "../images/pixel_size.ts";
import { pageBytesOf, requireStored } from "./tiff_backing.ts";
import { tags } from "./tiff_directory.ts";
import { readPieces } from "./tiff_page.ts";
import type { TiffPages } from "./tiff_set.ts";
import { resolutionOf, seriesOf, type TiffSeries } from "./tiff_series.ts";

/**
 * The image of a stack of MetaMorph: a TIFF of one directory, whose tag has a
 * value per plane. The planes follow one another in the file. Whether they are
 * a focus series or time points is not looked at: they are planes.
 *
 * @returns Undefined where the tag is not there.
 * @throws {FileError} If the planes are compressed, or do not lie in the file.
 */
export function stkSeries(pages: TiffPages): TiffSeries | undefined {
  const { file } = pages, first = pages.at(0);
  const planes = first.directory.fields.get(tags.metaMorph)?.count ?? 0;
  if (planes < 1) return undefined;
  const pageBytes = pageBytesOf(first);
  if (planes > 1) {
    requireStored(first, planes);
    const { offsets, byteCounts } = readPieces(first);
    const end = offsets.at(-1)! + byteCounts.at(-1)!;
    if (first.compression !== 1 || end - offsets[0]! !== pageBytes) {
      throw file.unreadable(
        `a stack of MetaMorph of ${planes} planes, compressed or in parts`,
        "planes that follow one another, uncompressed",
        "save it as OME-TIFF",
      );
    }
  }
  return seriesOf(first, {
    names: [""],
    planes,
    times: 1,
    pageOf: (_, plane) =>
      Promise.resolve({ ...first, shift: plane * pageBytes }),
    pixelSize: pixelSizeOfTags(resolutionOf(first)),
  });
}
