import type { ImageFile } from "../images/image_file.ts";
import { imageJSeries } from "./imagej_series.ts";
import { lsmSeries } from "./lsm_series.ts";
import { isOme, OmeFiles } from "./ome_files.ts";
import { omeSeries } from "./ome_series.ts";
import { plainSeries, type SeriesOptions } from "./plain_series.ts";
import { shapedSeries } from "./shaped_series.ts";
import { stkSeries } from "./stk_series.ts";
import { tags, textOf } from "./tiff_directory.ts";
import type { TiffSeries } from "./tiff_series.ts";
import type { TiffSet } from "./tiff_set.ts";

/** The text that says what the pages of a file are. */
function descriptionOf({ main }: TiffSet): string {
  return textOf(main.file, main.at(0).directory, tags.description) ?? "";
}

/**
 * The files beside a TIFF that hold pages of its image, or their description,
 * and are there.
 *
 * @throws {FileError} If the description cannot be read.
 */
export async function otherFilesOf(set: TiffSet): Promise<ImageFile[]> {
  const text = descriptionOf(set);
  if (!isOme(text)) return [];
  const { otherNames } = await OmeFiles.read(set, text);
  return otherNames.flatMap((name) => set.image.beside(name) ?? []);
}

/**
 * Finds out what the pages of a file are to one another: by OME-XML, by
 * ImageJ's description, by tifffile's, by the tags of LSM and STK, and else by
 * their sizes.
 *
 * @throws {FileError} If the file contradicts itself, or needs another that is
 * not beside it.
 */
export async function readSeries(
  set: TiffSet,
  options: SeriesOptions = {},
): Promise<TiffSeries> {
  const { main } = set, text = descriptionOf(set);
  if (isOme(text)) {
    const series = await omeSeries(set, text);
    if (series) return series;
  }
  if (text.startsWith("ImageJ=")) return imageJSeries(main, text);
  return shapedSeries(main, text) ?? lsmSeries(main) ?? stkSeries(main) ??
    plainSeries(main, text, options);
}
