import { count } from "@unet/errors";
import { sized } from "../images/pixel_size.ts";
import { bytesOf, numbersOf, tags } from "./tiff_directory.ts";
import type { TiffPage } from "./tiff_page.ts";
import type { TiffPages } from "./tiff_set.ts";
import { seriesOf, type TiffSeries } from "./tiff_series.ts";

/** What Zeiss writes at the beginning of its tag, in each of two versions. */
const marks: readonly number[] = [0x0300494c, 0x0400494c];

/** Bytes of the tag that are looked at, and the most that it may have. */
const headBytes = 64, mostBytes = 2 ** 16;

/** Above that, places in the file no longer fit into its numbers. */
const mostFileBytes = 2 ** 32;

/**
 * The image of an LSM of Zeiss: a TIFF in which every second page is a
 * thumbnail, and a tag says how many planes and time points the others are.
 *
 * @returns Undefined where the tag is not there.
 * @throws {FileError} If the pages are not as many, or the file is larger than
 * 4 GB or has positions, since no tag says which page is of which.
 */
export function lsmSeries(pages: TiffPages): TiffSeries | undefined {
  const { file } = pages, first = withBits(pages.at(0));
  const bytes = bytesOf(file, first.directory, tags.zeissLsm, mostBytes);
  if (!bytes || bytes.length < headBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const number = (at: number): number => view.getInt32(at, file.littleEndian);
  if (!marks.includes(view.getUint32(0, file.littleEndian))) return undefined;
  const width = number(8), height = number(12), planes = number(16);
  const times = number(24);
  const images = Array.from({ length: pages.count }, (_, at) => at)
    .filter((at) => !pages.at(at).isReduced);
  const isRight = width === first.width && height === first.height &&
    planes >= 1 && times >= 1 && images.length === planes * times;
  if (!isRight || file.size >= mostFileBytes) {
    throw file.unreadable(
      `an LSM of ${file.size} bytes, ${images.length} pages of ` +
        `${first.width}×${first.height} pixels`,
      `at most 4 GB, and ${count(planes, "plane")} and ` +
        `${count(times, "time point")} of ${width}×${height}`,
      "save it as OME-TIFF, each position in a file of its own",
    );
  }
  const micrometers = (at: number): number =>
    1e6 * view.getFloat64(at, file.littleEndian);
  return seriesOf(first, {
    names: [""],
    planes,
    times,
    pageOf: (_, plane, time) =>
      Promise.try(() => withBits(pages.at(images[time * planes + plane]!))),
    pixelSize: sized(micrometers(40), micrometers(48)),
    levels: [first],
  });
}

/**
 * A page with the bits of its values: of two channels Zeiss stores them
 * elsewhere in the file, where the standard has them in the tag itself.
 */
function withBits(page: TiffPage): TiffPage {
  const { file, directory, samples, bits } = page;
  if (samples !== 2 || bits !== 0) return page;
  const [low = 0, high = 0] =
    numbersOf(file, directory, tags.bits, { most: 2 }) ?? [];
  const [one, other] = file.readNumbers(low + 2 ** 16 * high, 2, 2);
  return one === other && one !== undefined ? { ...page, bits: one } : page;
}
