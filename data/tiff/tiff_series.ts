import type { TiffResolution } from "../images/pixel_size.ts";
import {
  numberOf,
  numbersOf,
  readSubDirectories,
  tags,
} from "./tiff_directory.ts";
import { pictureOf, readPage, type TiffPage } from "./tiff_page.ts";
import type { ReadingNote } from "../images/image_choice.ts";
import type { PixelSize } from "../images/image_reader.ts";

/** A channel that may be chosen. */
export interface SeriesChannel {
  readonly name: string;
  /** Which of the pages of a plane holds it. */
  readonly page: number;
  /** Which of the values of its pixels it is. */
  readonly sample: number;
}

/** The image of a file: its channels, planes, times and levels. */
export interface TiffSeries {
  /** A page of the image in full size, with the size and kind of all. */
  readonly first: TiffPage;
  /** What is read where nothing is chosen. */
  readonly start: {
    readonly plane: number;
    readonly time: number;
    /** A channel, where the file holds one alone of several files' channels. */
    readonly channel?: number;
  };
  /** The channels with pages of their own, "" where one has no name. */
  readonly names: readonly string[];
  readonly channels: readonly SeriesChannel[];
  /** How many channels make a picture if none is chosen; undefined if none do. */
  readonly picture: 1 | 3 | 4 | undefined;
  readonly planes: number;
  readonly times: number;
  /** The first page in each size, from full size down. */
  readonly levels: readonly TiffPage[];
  readonly pixelSize: PixelSize | undefined;
  /** What else the file holds that is not read. */
  readonly notes: readonly ReadingNote[];
  /**
   * A page by what is on it, in full size.
   *
   * @throws {FileError} If there is none, or it lies in a file that is not
   * beside this one.
   */
  pageOf(page: number, plane: number, time: number): Promise<TiffPage>;
  /** The same page in another size. */
  atLevel(page: TiffPage, level: number): TiffPage;
}

const mostChannels = 65536;

const fourthNote: ReadingNote = {
  kind: "channels",
  text: "4 channels, the fourth not marked as alpha: red, green, blue taken",
};

/**
 * So many channels without a name.
 *
 * @throws {FileError} If that is absurd.
 */
export function unnamed(count: number, first: TiffPage): string[] {
  requireChannels(count, first);
  return Array.from({ length: count }, () => "");
}

function requireChannels(count: number, { file }: TiffPage): void {
  if (count > mostChannels) throw file.damaged(`${count} channels`);
}

/** What a description says of the pages of a file. */
export interface SeriesShape
  extends
    Pick<TiffSeries, "names" | "planes" | "times" | "pageOf" | "pixelSize"> {
  /** What is read where nothing is chosen; the first of all if not given. */
  readonly start?: TiffSeries["start"];
  /** The page in each size; those that it names if not given. */
  readonly levels?: readonly TiffPage[];
  /** Whether values of a page are no color, whatever its tags say. */
  readonly isNoColor?: boolean;
  /** What else the file holds. */
  readonly notes?: readonly ReadingNote[];
}

/**
 * The image of a file, by what its description says.
 *
 * @param first A page of it.
 * @throws {FileError} If it has absurdly many channels.
 */
export function seriesOf(first: TiffPage, shape: SeriesShape): TiffSeries {
  const { names, planes, times, pixelSize } = shape;
  const { start = { plane: 0, time: 0 }, notes = [] } = shape;
  const seen = shape.isNoColor ? { ...first, photometric: 1 } : first;
  const picture = names.length === 1 ? pictureOf(seen) : undefined;
  requireChannels(names.length * first.samples, first);
  const levels = shape.levels ?? subLevelsOf(first);
  return {
    first,
    start,
    names,
    channels: channelsOf(names, seen),
    picture,
    planes,
    times,
    levels,
    pixelSize,
    notes: picture === 4 && !first.hasAlpha ? [...notes, fourthNote] : notes,
    pageOf: shape.pageOf,
    atLevel: (page, level) => {
      if (level === 0) return page;
      if (page === first) return levels[level]!;
      const found = subLevelsOf(page)[level];
      if (found) return found;
      throw page.file.damaged(
        `a page of ${levels.length} levels without level ${level}`,
      );
    },
  };
}

/** A page and the smaller copies that it names. */
export function subLevelsOf(page: TiffPage): TiffPage[] {
  const { file, directory } = page;
  const smaller = readSubDirectories(file, directory)
    .map((directory) => readPage(file, directory))
    .filter((one) => one.width < page.width && one.samples === page.samples)
    .sort((a, b) => b.width - a.width);
  return [page, ...smaller];
}

/** What the resolution tags of a page say. */
export function resolutionOf({ file, directory }: TiffPage): TiffResolution {
  const ratio = (tag: number): number | undefined => {
    const numbers = numbersOf(file, directory, tag, { most: 2 });
    return numbers?.length === 2 ? numbers[0]! / numbers[1]! : undefined;
  };
  return {
    x: ratio(tags.xResolution),
    y: ratio(tags.yResolution),
    unit: numberOf(file, directory, tags.resolutionUnit) ?? 2,
  };
}

/** The channels of an image, by the names of those with pages of their own. */
export function channelsOf(
  names: readonly string[],
  page: Pick<TiffPage, "samples" | "photometric" | "hasAlpha">,
): SeriesChannel[] {
  const { samples } = page, colors = colorsOf(page);
  return names.flatMap((name, index) =>
    Array.from({ length: samples }, (_, sample) => {
      const color = colors[sample] ?? "";
      const ordinal = `channel ${index * samples + sample}`;
      return {
        name: [name, color].filter((part) => part !== "").join(" ") || ordinal,
        page: index,
        sample,
      };
    })
  );
}

function colorsOf(
  { samples, photometric, hasAlpha }: Parameters<typeof channelsOf>[1],
): readonly string[] {
  const alpha = hasAlpha ? ["alpha"] : [];
  const isColor = photometric === 2 || photometric >= 5;
  if (isColor && samples <= 4) return ["red", "green", "blue", ...alpha];
  return !isColor && samples === 2 && hasAlpha ? ["gray", "alpha"] : [];
}
