import { pixelSizeOfAperio, pixelSizeOfTags } from "../images/pixel_size.ts";
import type { ReadingNote } from "../images/image_choice.ts";
import type { TiffPage } from "./tiff_page.ts";
import type { TiffPages } from "./tiff_set.ts";
import {
  resolutionOf,
  seriesOf,
  subLevelsOf,
  type TiffSeries,
} from "./tiff_series.ts";

/** What decides how pages without a description are read. */
export interface SeriesOptions {
  /**
   * Whether pages are channels, as they must be where several channels are
   * asked for, and not planes.
   */
  readonly arePagesChannels?: boolean;
}

/**
 * The image of a file whose pages nothing describes: smaller copies of the
 * first are levels, pages like it are planes.
 *
 * @param text The file's description, which may be a scanner's.
 */
export function plainSeries(
  pages: TiffPages,
  text: string,
  { arePagesChannels = false }: SeriesOptions = {},
): TiffSeries {
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
  const areChannels = arePagesChannels && planes.length > 1 &&
    first.samples === 1;
  const at = (place: number) => Promise.try(() => pages.at(planes[place]!));
  return seriesOf(first, {
    ...(areChannels
      ? {
        names: planes.map(() => ""),
        planes: 1,
        pageOf: (channel: number) => at(channel),
      }
      : {
        names: [""],
        planes: planes.length,
        pageOf: (_: number, plane: number) => at(plane),
      }),
    times: 1,
    pixelSize: (isAperio ? pixelSizeOfAperio(text) : undefined) ??
      pixelSizeOfTags(resolutionOf(first)),
    levels: smaller.length > 0 ? [first, ...smaller] : subLevelsOf(first),
    notes: [
      ...(areChannels ? [channelsNote(planes.length)] : []),
      ...(others > 0 ? [othersNote(pages.count, others)] : []),
    ],
  });
}

function channelsNote(count: number): ReadingNote {
  return {
    kind: "page-channels",
    text: `${count} pages without a description: read as channels 0 to ` +
      `${count - 1}`,
  };
}

function othersNote(count: number, others: number): ReadingNote {
  return {
    kind: "pages",
    text: `${count} pages of several sizes or kinds: ` +
      `${others} unlike the first left out`,
  };
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
