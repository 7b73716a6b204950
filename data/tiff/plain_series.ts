import { pixelSizeOfAperio, pixelSizeOfTags } from "../images/pixel_size.ts";
import type { TiffPage } from "./tiff_page.ts";
import type { TiffPages } from "./tiff_set.ts";
import {
  resolutionOf,
  seriesOf,
  subLevelsOf,
  type TiffSeries,
} from "./tiff_series.ts";

/**
 * The image of a file whose pages nothing describes: smaller copies of the
 * first are levels, pages like it are planes.
 *
 * @param text The file's description, which may be a scanner's.
 */
export function plainSeries(pages: TiffPages, text: string): TiffSeries {
  const first = pages.at(0);
  const isAperio = text.startsWith("Aperio");
  const smaller: TiffPage[] = [], planes: number[] = [0];
  let others = 0;
  for (let index = 1; index < pages.count; index++) {
    const page = pages.at(index);
    if (isLevel(first, page, isAperio)) smaller.push(page);
    else if (isLike(first, page)) planes.push(index);
    // What is marked as a smaller copy is a thumbnail; a slide has a label too.
    else if (!isAperio && !page.isReduced) others++;
  }
  smaller.sort((a, b) => b.width - a.width);
  return seriesOf(first, {
    names: [""],
    planes: planes.length,
    times: 1,
    pageOf: (_, plane) => Promise.try(() => pages.at(planes[plane]!)),
    pixelSize: (isAperio ? pixelSizeOfAperio(text) : undefined) ??
      pixelSizeOfTags(resolutionOf(first)),
    levels: smaller.length > 0 ? [first, ...smaller] : subLevelsOf(first),
    ...(others > 0 && {
      notes: [{
        kind: "pages",
        text: `${pages.count} pages of several sizes or kinds: ` +
          `${others} unlike the first left out`,
      }],
    }),
  });
}

/** Whether a page is the first one in a smaller size. */
function isLevel(first: TiffPage, page: TiffPage, isAperio: boolean): boolean {
  const { width, height } = page;
  const isCopy = isAperio ? page.isTiled : page.isReduced ||
    page.isTiled && first.isTiled;
  // Each side may be rounded by a pixel.
  const skew = Math.abs(width * first.height - height * first.width);
  return isCopy && width < first.width && page.samples === first.samples &&
    page.bits === first.bits &&
    skew <= 2 * Math.max(first.width, first.height);
}

/** Whether a page may be another plane of the same image. */
function isLike(first: TiffPage, page: TiffPage): boolean {
  return !page.isReduced &&
    (["width", "height", "samples", "bits", "format", "photometric"] as const)
      .every((key) => page[key] === first[key]);
}
