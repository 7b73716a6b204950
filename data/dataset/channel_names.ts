import { FileError } from "@unet/errors";
import { fileOfDataset } from "../images/file_in_memory.ts";
import type { ImageFile } from "../images/image_file.ts";
import { formatOf } from "../images/image_format.ts";
import { openImageFile } from "../images/open_image_file.ts";
import { zarrPlaceOf } from "../zarr/zarr_place.ts";
import type { Case } from "./case.ts";

/** Names that readers give, or that are numbers themselves. */
const isGiven = (name: string): boolean =>
  /^((channel )?\d+|red|green|blue|gray|alpha)$/.test(name);

/**
 * Finds what the images of a dataset name the channels at some numbers.
 * Pictures, and TIFFs whose channels are colors or have no names, name none;
 * files that cannot be read are left out.
 *
 * @param cases The dataset's cases.
 * @param numbers The channels, from 0.
 * @returns The lists of names that occur, each once, in the numbers' order:
 * one where all files name the channels alike. None where a file names none.
 *
 * @example
 * ```ts
 * import { channelNamesAt, encodePng, openDataset } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const data = new Uint8Array(4);
 * const image = { width: 2, height: 2, channels: 1, depth: 8, data } as const;
 * for (const part of ["images", "masks"]) {
 *   await Deno.mkdir(`${folder}/${part}`);
 *   await Deno.writeFile(`${folder}/${part}/a.png`, await encodePng(image));
 * }
 * const dataset = await openDataset(folder);
 * assertEquals(await channelNamesAt(dataset.cases, [0]), []);
 * dataset.close();
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function channelNamesAt(
  cases: readonly Case[],
  numbers: readonly number[],
): Promise<readonly (readonly string[])[]> {
  const found = new Map<string, readonly string[]>();
  for (const image of cases.flatMap(({ images }) => images.slice(0, 1))) {
    try {
      const all = await namesOf(fileOfDataset(image), numbers);
      // Not an image, as reading the data reports.
      if (!all) continue;
      const names = numbers.flatMap((number) => all[number] ?? []);
      const isNamed = names.length === numbers.length &&
        !names.some((name) =>
          isGiven(name) || all.indexOf(name) !== all.lastIndexOf(name)
        );
      if (!isNamed) return [];
      found.set(JSON.stringify(names), names);
    } catch (error) {
      // A damaged one, which reading the data reports, too.
      if (!(error instanceof FileError)) throw error;
    }
  }
  return [...found.values()];
}

async function namesOf(
  file: ImageFile,
  numbers: readonly number[],
): Promise<readonly string[] | undefined> {
  const isZarr = file.diskPath !== undefined &&
    zarrPlaceOf(file.diskPath) !== undefined;
  if (!isZarr) {
    using source = await file.open();
    const format = formatOf(source.read(0, Math.min(16, source.size)));
    if (format !== "TIFF") return format && [];
  }
  await using opened = await openImageFile(file, { channels: numbers });
  return opened.channelNames;
}
