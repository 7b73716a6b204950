import { micrometersIn } from "../images/length_units.ts";
import { readXmlElements, type XmlElement } from "./xml_elements.ts";

/** The content of a file's OME-XML. */
export interface OmeDescription {
  /** The identifier of the file that the text belongs to, where it has one. */
  readonly uuid: string | undefined;
  /** The file that holds the description instead, where the text says so. */
  readonly elsewhere?: {
    readonly fileName: string;
    readonly uuid: string | undefined;
  };
  /** The images, each with pages of its own. */
  readonly images: readonly OmeImage[];
}

/** One image of OME-XML. */
export interface OmeImage {
  /** Its name; "" where it has none. */
  readonly name: string;
  /** Names of the channels, each with its own pages; "" where it has none. */
  readonly channels: readonly string[];
  /** Values per pixel of all channels together, `SizeC`. */
  readonly sizeC: number;
  readonly planes: number;
  readonly times: number;
  /** µm per pixel; undefined where it is not given in a unit of length. */
  readonly pixelWidth: number | undefined;
  readonly pixelHeight: number | undefined;
  /** Where its pages lie; a later entry comes before an earlier one. */
  readonly entries: readonly OmeEntry[];
  /** Which entry a page belongs to, and its directory; undefined where none does. */
  pageOf(
    page: OmePage,
  ): { readonly entry: OmeEntry; readonly directory: number } | undefined;
  /** What is on the page of a number, as entries count them. */
  pageAt(index: number): OmePage;
}

/** The place of a page in its image. */
export interface OmePage {
  readonly channel: number;
  readonly plane: number;
  readonly time: number;
}

/** Pages that follow one another in a file, `TiffData`. */
export interface OmeEntry {
  /** The number of the first one. */
  readonly start: number;
  /** How many there are. */
  readonly count: number;
  /** The directory of the first one. */
  readonly directory: number;
  /** The identifier of the file, where it is given. */
  readonly uuid: string | undefined;
  /** The name of the file, where it is given. */
  readonly fileName: string | undefined;
}

const mostDimension = 2 ** 20;
const mostPages = 2 ** 24;

/** Channels of every image of a file together. */
const mostChannels = 2 ** 18;

/** What is read of a description; the rest is for other programs. */
const elements: ReadonlySet<string> = new Set([
  ...["BinaryOnly", "Image", "Pixels", "Channel", "TiffData", "UUID"],
]);

/**
 * Reads the description of an OME-TIFF, or of several.
 *
 * @throws {Error} If it is no XML, or its numbers are no numbers.
 */
export function parseOme(text: string): OmeDescription {
  const root = readXmlElements(text, elements);
  const [binaryOnly] = childrenOf(root, "BinaryOnly");
  const images: OmeImage[] = [];
  let channels = 0;
  for (const element of childrenOf(root, "Image")) {
    const image = imageOf(element);
    if (!image) continue;
    channels += image.channels.length;
    if (channels > mostChannels) {
      throw new Error(`more than ${mostChannels} channels`);
    }
    images.push(image);
  }
  return {
    uuid: root.attributes.UUID?.trim() || undefined,
    ...(binaryOnly && {
      elsewhere: {
        fileName: binaryOnly.attributes.MetadataFile?.trim() ?? "",
        uuid: binaryOnly.attributes.UUID?.trim() || undefined,
      },
    }),
    images,
  };
}

function imageOf(image: XmlElement): OmeImage | undefined {
  const [pixels] = childrenOf(image, "Pixels");
  if (!pixels) return undefined;
  const size = (name: string): number => {
    const value = Number(pixels.attributes[name] ?? 1);
    if (Number.isInteger(value) && value >= 1 && value <= mostDimension) {
      return value;
    }
    throw new Error(`${name} ${pixels.attributes[name]}`);
  };
  const sizeC = size("SizeC"), planes = size("SizeZ"), times = size("SizeT");
  const channels = channelsOf(pixels, sizeC);
  const all = channels.length * planes * times;
  if (all > mostPages) {
    throw new Error(`${channels.length}×${planes}×${times} pages`);
  }
  const length = (axis: "X" | "Y"): number | undefined => {
    const value = Number(pixels.attributes[`PhysicalSize${axis}`]);
    const unit = pixels.attributes[`PhysicalSize${axis}Unit`] ?? "µm";
    const factor = micrometersIn(unit);
    return value > 0 && Number.isFinite(value) && factor
      ? value * factor
      : undefined;
  };
  const order = orderOf(pixels.attributes.DimensionOrder ?? "XYCZT");
  const sizes = { channel: channels.length, plane: planes, time: times };
  const indexOf = (page: OmePage): number =>
    order.reduceRight((sum, axis) => sum * sizes[axis] + page[axis], 0);
  const entries = entriesOf(pixels, all, indexOf);
  const find = finderOf(entries);
  return {
    name: image.attributes.Name ?? "",
    channels,
    sizeC,
    planes,
    times,
    pixelWidth: length("X"),
    pixelHeight: length("Y"),
    entries,
    pageOf: (page) => {
      const index = indexOf(page), entry = find(index);
      return entry &&
        { entry, directory: entry.directory + index - entry.start };
    },
    pageAt: (index) => {
      const page = { channel: 0, plane: 0, time: 0 };
      let rest = index;
      for (const axis of order) {
        page[axis] = rest % sizes[axis];
        rest = Math.floor(rest / sizes[axis]);
      }
      return page;
    },
  };
}

/** The channels' names, as many as have pages of their own. */
function channelsOf(pixels: XmlElement, sizeC: number): string[] {
  const described = childrenOf(pixels, "Channel");
  const samples = described.map((one) =>
    Number(one.attributes.SamplesPerPixel ?? 1)
  );
  if (samples.reduce((sum, count) => sum + count, 0) === sizeC) {
    return described.map((one) => one.attributes.Name ?? "");
  }
  const first = samples[0] ?? 1;
  const length = sizeC % first === 0 ? sizeC / first : sizeC;
  return Array.from({ length }, () => "");
}

const axisOf = { Z: "plane", C: "channel", T: "time" } as const;

/** Planes, channels and time points from the fastest to the slowest. */
function orderOf(text: string): (keyof OmePage)[] {
  const order = [...text.slice(2)] as (keyof typeof axisOf)[];
  if (!/^XY[ZCT]{3}$/.test(text) || new Set(order).size !== 3) {
    throw new Error(`DimensionOrder ${text}`);
  }
  return order.map((axis) => axisOf[axis]);
}

function entriesOf(
  pixels: XmlElement,
  all: number,
  indexOf: (page: OmePage) => number,
): OmeEntry[] {
  const elements = childrenOf(pixels, "TiffData");
  if (elements.length === 0) {
    const inOrder = { uuid: undefined, fileName: undefined };
    return [{ start: 0, count: all, directory: 0, ...inOrder }];
  }
  return elements.map((element) => {
    const number = (name: string, otherwise: number): number => {
      const value = Number(element.attributes[name] ?? otherwise);
      if (Number.isInteger(value) && value >= 0) return value;
      throw new Error(`${name} ${element.attributes[name]}`);
    };
    const start = indexOf({
      channel: number("FirstC", 0),
      plane: number("FirstZ", 0),
      time: number("FirstT", 0),
    });
    const isOne = element.attributes.IFD !== undefined;
    const count = number("PlaneCount", isOne ? 1 : all);
    const [uuid] = childrenOf(element, "UUID");
    return {
      start,
      count: Math.max(0, Math.min(count, all - start)),
      directory: number("IFD", 0),
      uuid: uuid?.text.trim() || undefined,
      fileName: uuid?.attributes.FileName?.trim() || undefined,
    };
  });
}

/** Entries of several pages that overlap; writers make none at all. */
const mostOverlapping = 1024;

/**
 * Finds the last entry of each page, without a list of all pages.
 *
 * @throws {Error} If so many entries overlap that this takes long.
 */
function finderOf(
  entries: readonly OmeEntry[],
): (index: number) => OmeEntry | undefined {
  const single = new Map<number, number>(), longer: number[] = [];
  for (const [at, { start, count }] of entries.entries()) {
    if (count === 1) single.set(start, at);
    else if (count > 1) longer.push(at);
  }
  const findLonger = longerFinderOf(entries, longer);
  return (index) => {
    const alone = single.get(index) ?? -1;
    return entries[Math.max(alone, findLonger(index) ?? -1)];
  };
}

/** Finds the place of the last entry of several pages that has one page. */
function longerFinderOf(
  entries: readonly OmeEntry[],
  places: readonly number[],
): (index: number) => number | undefined {
  const has = (place: number, index: number): boolean => {
    const { start, count } = entries[place]!;
    return start <= index && index < start + count;
  };
  const sorted = places.toSorted((a, b) =>
    entries[a]!.start - entries[b]!.start
  );
  const areApart = sorted.every((place, at) =>
    at === 0 || !has(sorted[at - 1]!, entries[place]!.start)
  );
  if (!areApart) {
    if (places.length > mostOverlapping) {
      throw new Error(`more than ${mostOverlapping} TiffData that overlap`);
    }
    return (index) => places.findLast((place) => has(place, index));
  }
  return (index) => {
    let low = 0, high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (entries[sorted[middle]!]!.start <= index) low = middle + 1;
      else high = middle;
    }
    const place = sorted[low - 1];
    return place !== undefined && has(place, index) ? place : undefined;
  };
}

function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name);
}
