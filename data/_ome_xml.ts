import { parseXml, XmlElement } from "@rgrove/parse-xml";

/** What OME-XML says of the first image in a file. */
export interface OmeImage {
  /** Names of the channels, each with its own pages; "" where it has none. */
  readonly channels: readonly string[];
  /** Values a pixel of all channels together, `SizeC`. */
  readonly sizeC: number;
  readonly planes: number;
  readonly times: number;
  /** µm a pixel; undefined where it is not told in a unit of length. */
  readonly pixelWidth?: number | undefined;
  readonly pixelHeight?: number | undefined;
  /**
   * The directory of a channel, plane and time; -1 where the page lies in
   * another file, undefined where no page is named.
   */
  directoryOf(channel: number, plane: number, time: number): number | undefined;
}

/** Micrometers in each unit of length that OME knows and a microscope sees. */
const micrometers: Readonly<Record<string, number>> = {
  "\u00b5m": 1,
  "\u03bcm": 1,
  um: 1,
  micron: 1,
  nm: 1e-3,
  mm: 1e3,
  cm: 1e4,
  m: 1e6,
  pm: 1e-6,
  "\u00c5": 1e-4,
  in: 25400,
  pt: 25400 / 72,
};

/** µm in a unit of length; undefined where it is none that is known. */
export function micrometersIn(unit: string): number | undefined {
  return Object.hasOwn(micrometers, unit) ? micrometers[unit] : undefined;
}

const mostDimension = 2 ** 20;
const mostPages = 2 ** 24;

/**
 * Reads the description of an OME-TIFF.
 *
 * @returns The first image; undefined where the text tells of none, as when
 * the description lies in a file of its own.
 * @throws {Error} If it is no XML, or its numbers are no numbers.
 */
export function parseOme(text: string): OmeImage | undefined {
  const { root } = parseXml(text);
  if (!root) return undefined;
  const [image] = childrenOf(root, "Image");
  const [pixels] = image ? childrenOf(image, "Pixels") : [];
  if (!pixels) return undefined;
  const size = (name: string): number => {
    const value = Number(pixels.attributes[name] ?? 1);
    if (Number.isInteger(value) && value >= 1 && value <= mostDimension) {
      return value;
    }
    throw new Error(`${name} ${pixels.attributes[name]}`);
  };
  const sizeC = size("SizeC"), planes = size("SizeZ"), times = size("SizeT");
  const described = childrenOf(pixels, "Channel");
  const samples = described.map((one) =>
    Number(one.attributes.SamplesPerPixel ?? 1)
  );
  const named = samples.reduce((sum, count) => sum + count, 0) === sizeC
    ? described.map((one) => one.attributes.Name ?? "")
    : undefined;
  const first = samples[0] ?? 1;
  const count = named?.length ??
    (sizeC % first === 0 ? sizeC / first : sizeC);
  if (count * planes * times > mostPages) {
    throw new Error(`${count}×${planes}×${times} pages`);
  }
  const channels = named ?? Array.from({ length: count }, () => "");
  const size3 = { Z: planes, C: channels.length, T: times };
  const length = (axis: "X" | "Y"): number | undefined => {
    const value = Number(pixels.attributes[`PhysicalSize${axis}`]);
    const unit = pixels.attributes[`PhysicalSize${axis}Unit`] ?? "µm";
    const factor = micrometersIn(unit);
    return value > 0 && Number.isFinite(value) && factor
      ? value * factor
      : undefined;
  };
  const order = orderOf(pixels.attributes.DimensionOrder ?? "XYCZT");
  const indexOf = (at: Readonly<Record<Axis, number>>): number =>
    order.reduceRight((sum, axis) => sum * size3[axis] + at[axis], 0);
  const pages = pagesOf(root, pixels, size3, indexOf);
  return {
    channels,
    sizeC,
    planes,
    times,
    pixelWidth: length("X"),
    pixelHeight: length("Y"),
    directoryOf: (channel, plane, time) => {
      const index = indexOf({ C: channel, Z: plane, T: time });
      return pages ? pages.get(index) : index;
    },
  };
}

type Axis = "Z" | "C" | "T";

/** Z, C and T from the fastest to the slowest. */
function orderOf(text: string): Axis[] {
  const order = [...text.slice(2)];
  if (!/^XY[ZCT]{3}$/.test(text) || new Set(order).size !== 3) {
    throw new Error(`DimensionOrder ${text}`);
  }
  return order as Axis[];
}

/** The directory of each page by its index; undefined where they are in order. */
function pagesOf(
  root: XmlElement,
  pixels: XmlElement,
  size: Readonly<Record<Axis, number>>,
  indexOf: (at: Readonly<Record<Axis, number>>) => number,
): Map<number, number> | undefined {
  const entries = childrenOf(pixels, "TiffData");
  if (entries.length === 0) return undefined;
  const all = size.Z * size.C * size.T;
  const pages = new Map<number, number>();
  for (const entry of entries) {
    const number = (name: string, otherwise: number): number => {
      const value = Number(entry.attributes[name] ?? otherwise);
      if (Number.isInteger(value) && value >= 0) return value;
      throw new Error(`${name} ${entry.attributes[name]}`);
    };
    const start = indexOf({
      Z: number("FirstZ", 0),
      C: number("FirstC", 0),
      T: number("FirstT", 0),
    });
    const directory = number("IFD", 0);
    const isOne = entry.attributes.IFD !== undefined;
    const count = number("PlaneCount", isOne ? 1 : all);
    const [uuid] = childrenOf(entry, "UUID");
    const isElsewhere = uuid !== undefined &&
      root.attributes.UUID !== undefined &&
      uuid.text.trim() !== root.attributes.UUID.trim();
    for (let at = 0; at < count && start + at < all; at++) {
      pages.set(start + at, isElsewhere ? -1 : directory + at);
    }
  }
  return pages;
}

/** Elements of a name, whatever the namespace is called. */
function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child): child is XmlElement =>
    child instanceof XmlElement && child.name.replace(/^.*:/, "") === name
  );
}
