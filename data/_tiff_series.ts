import { firstLine } from "./_first_line.ts";
import { type OmeImage, parseOme } from "./_ome_xml.ts";
import {
  pixelSizeOfAperio,
  pixelSizeOfImageJ,
  pixelSizeOfTags,
  sized,
  type TiffResolution,
} from "./_pixel_size.ts";
import {
  numberOf,
  numbersOf,
  readDirectories,
  readSubDirectories,
  tags,
  textOf,
  type TiffDirectory,
} from "./_tiff_directory.ts";
import type { TiffFile } from "./_tiff_file.ts";
import { pictureOf, readPage, type TiffPage } from "./_tiff_page.ts";
import type { PixelSize } from "./image_reader.ts";

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
  /** The page at the beginning, in full size. */
  readonly first: TiffPage;
  readonly channels: readonly SeriesChannel[];
  /** How many channels make a picture if none is chosen; undefined if none do. */
  readonly picture: 1 | 3 | 4 | undefined;
  readonly planes: number;
  readonly times: number;
  /** The first page in each size, from full size down. */
  readonly levels: readonly TiffPage[];
  readonly pixelSize: PixelSize | undefined;
  /** A page by what is on it, in full size. */
  pageOf(page: number, plane: number, time: number): TiffPage;
  /** The same page in another size. */
  atLevel(page: TiffPage, level: number): TiffPage;
}

/**
 * Finds out what the pages of a file are to one another: by OME-XML, by
 * ImageJ's description, and else by their sizes.
 *
 * @throws {FileError} If the file contradicts itself.
 */
export function readSeries(file: TiffFile): TiffSeries {
  const directories = readDirectories(file);
  const pages = new Map<number, TiffPage>();
  const pageAt = (index: number): TiffPage => {
    const known = pages.get(index);
    if (known) return known;
    const directory = directories[index];
    if (!directory) {
      throw file.damaged(`page ${index} of ${directories.length}`);
    }
    const page = readPage(file, directory);
    pages.set(index, page);
    return page;
  };
  const first = pageAt(0);
  const text = textOf(file, first.directory, tags.description) ?? "";
  const resolution = resolutionOf(file, first.directory);
  if (/<(\w+:)?OME[\s>]/.test(text)) {
    const ome = parse(file, text);
    if (ome) return omeSeries(file, first, ome, pageAt, resolution);
  }
  if (text.startsWith("ImageJ=")) {
    return imageJSeries(file, first, text, directories.length, pageAt);
  }
  return plainSeries(file, first, text, directories.length, pageAt, resolution);
}

const mostChannels = 65536;

type Shape = Pick<TiffSeries, "planes" | "times" | "pageOf"> & {
  readonly names: readonly string[];
  readonly pixelSize: PixelSize | undefined;
};

function seriesOf(
  file: TiffFile,
  first: TiffPage,
  shape: Shape,
  levels: readonly TiffPage[] = subLevelsOf(file, first),
): TiffSeries {
  const { names, ...rest } = shape;
  const count = names.length * first.samples;
  if (count > mostChannels) throw file.damaged(`${count} channels`);
  const picture = names.length === 1 ? pictureOf(first) : undefined;
  return {
    ...rest,
    first,
    channels: channelsOf(names, first),
    picture,
    levels,
    atLevel: (page, level) => {
      if (level === 0) return page;
      if (page === first) return levels[level]!;
      const found = subLevelsOf(file, page)[level];
      if (found) return found;
      throw file.damaged(
        `a page of ${levels.length} levels without level ${level}`,
      );
    },
  };
}

function omeSeries(
  file: TiffFile,
  first: TiffPage,
  ome: OmeImage,
  pageAt: (index: number) => TiffPage,
  resolution: TiffResolution,
): TiffSeries {
  // Color that the description splits into channels lies on one page.
  const isSplit = ome.channels.length > 1 &&
    ome.channels.length === first.samples;
  const pageOf = (page: number, plane: number, time: number): TiffPage => {
    const index = ome.directoryOf(page, plane, time);
    if (index === -1) {
      throw file.unreadable(
        `an OME-TIFF whose channel ${page}, plane ${plane} lies in another file`,
        "one that holds all of its pages",
      );
    }
    if (index === undefined) {
      throw file.damaged(`no page of channel ${page}, plane ${plane}`);
    }
    return pageAt(index);
  };
  const base = pageOf(0, 0, 0);
  const found = isSplit ? base.samples : ome.channels.length * base.samples;
  if (found < ome.sizeC) {
    throw file.damaged(`${found} channels on pages, ${ome.sizeC} in OME-XML`);
  }
  const series = seriesOf(file, base, {
    names: isSplit ? [""] : ome.channels,
    planes: ome.planes,
    times: ome.times,
    pageOf,
    pixelSize: sized(ome.pixelWidth, ome.pixelHeight) ??
      pixelSizeOfTags(resolution),
  });
  if (!isSplit) return series;
  return {
    ...series,
    channels: series.channels.map((channel, at) => ({
      ...channel,
      name: ome.channels[at] || channel.name,
    })),
  };
}

function imageJSeries(
  file: TiffFile,
  first: TiffPage,
  text: string,
  found: number,
  pageAt: (index: number) => TiffPage,
): TiffSeries {
  const said = new Map(
    text.split("\n").map((line) => {
      const [key = "", ...value] = line.split("=");
      return [key.trim(), value.join("=").trim()];
    }),
  );
  const number = (key: string): number => {
    const value = Number(said.get(key) ?? 1);
    const isCount = Number.isInteger(value) && value >= 1 &&
      value <= mostChannels;
    if (isCount) return value;
    throw file.damaged(`${key}=${said.get(key)}`);
  };
  const channels = number("channels"), planes = number("slices");
  const images = channels * planes * number("frames");
  // Stacks of more than 4 GiB have one directory: pages follow one another.
  const isStored = found === 1 && images > 1 && first.compression === 1;
  const pageBytes = first.width * first.height * first.samples * first.bits / 8;
  return seriesOf(file, first, {
    names: Array.from({ length: channels }, () => ""),
    planes,
    times: number("frames"),
    pageOf: (channel, plane, time) => {
      const index = (time * planes + plane) * channels + channel;
      return isStored && index > 0
        ? { ...first, shift: index * pageBytes }
        : pageAt(index);
    },
    pixelSize: pixelSizeOfImageJ(
      said.get("unit"),
      resolutionOf(file, first.directory),
    ),
  });
}

function plainSeries(
  file: TiffFile,
  first: TiffPage,
  text: string,
  count: number,
  pageAt: (index: number) => TiffPage,
  resolution: TiffResolution,
): TiffSeries {
  const isAperio = text.startsWith("Aperio");
  const smaller: TiffPage[] = [], planes: number[] = [0];
  for (let index = 1; index < count; index++) {
    const page = pageAt(index);
    if (isLevel(first, page, isAperio)) smaller.push(page);
    else if (isLike(first, page)) planes.push(index);
  }
  smaller.sort((a, b) => b.width - a.width);
  const levels = smaller.length > 0
    ? [first, ...smaller]
    : subLevelsOf(file, first);
  return seriesOf(file, first, {
    names: [""],
    planes: planes.length,
    times: 1,
    pageOf: (_, plane) => pageAt(planes[plane]!),
    pixelSize: (isAperio ? pixelSizeOfAperio(text) : undefined) ??
      pixelSizeOfTags(resolution),
  }, levels);
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

function subLevelsOf(file: TiffFile, page: TiffPage): TiffPage[] {
  const smaller = readSubDirectories(file, page.directory)
    .map((directory) => readPage(file, directory))
    .filter((one) => one.width < page.width && one.samples === page.samples)
    .sort((a, b) => b.width - a.width);
  return [page, ...smaller];
}

function channelsOf(
  names: readonly string[],
  page: TiffPage,
): SeriesChannel[] {
  const isColor = page.photometric === 2 || page.photometric >= 5;
  const colors = ["red", "green", "blue", "alpha"];
  return names.flatMap((name, index) =>
    Array.from({ length: page.samples }, (_, sample) => {
      const color = isColor && page.samples <= 4 ? colors[sample]! : "";
      const ordinal = `channel ${index * page.samples + sample}`;
      return {
        name: [name, color].filter((part) => part !== "").join(" ") || ordinal,
        page: index,
        sample,
      };
    })
  );
}

function resolutionOf(
  file: TiffFile,
  directory: TiffDirectory,
): TiffResolution {
  const ratio = (tag: number): number | undefined => {
    const numbers = numbersOf(file, directory, tag, 2);
    return numbers?.length === 2 ? numbers[0]! / numbers[1]! : undefined;
  };
  return {
    x: ratio(tags.xResolution),
    y: ratio(tags.yResolution),
    unit: numberOf(file, directory, tags.resolutionUnit) ?? 2,
  };
}

function parse(file: TiffFile, text: string): OmeImage | undefined {
  try {
    return parseOme(text);
  } catch (cause) {
    throw file.damaged(`OME-XML: ${firstLine(cause)}`, cause);
  }
}
