import type { PixelSize } from "@unet/data";
import { inXml } from "./_in_xml.ts";
import type { StackShape } from "./stack_shape.ts";

/** An image whose channels and planes are pages of a TIFF. */
export interface OmeImage {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** The type of a value. */
  readonly type: "uint8" | "uint16" | "uint32" | "float32";
  /** The names of channels with pages of their own; one without by default. */
  readonly channels?: readonly string[];
  /** Values per pixel of a page: 3 of color, else 1, the default. */
  readonly samples?: number;
  /** Its planes, each after the channels of the one before; one by default. */
  readonly stack?: StackShape;
  /** How large a pixel is, in µm. */
  readonly pixelSize?: PixelSize;
}

/**
 * The OME-XML of such an image, by which Bio-Formats (Fiji, QuPath) and tifffile
 * know what its pages are, and what channels are called. In ASCII, as the
 * ImageDescription of a TIFF has to be.
 */
export function describeOme(
  { width, height, type, channels, samples = 1, stack, pixelSize }: OmeImage,
): string {
  const sizes = pixelSize
    ? ` PhysicalSizeX="${pixelSize.x}" PhysicalSizeY="${pixelSize.y}"`
    : "";
  const named = channels ?? [""];
  const elements = named.map((name, at) =>
    `<Channel ID="Channel:0:${at}"${
      name === "" ? "" : ` Name="${inXml(name)}"`
    } SamplesPerPixel="${samples}"/>`
  );
  const counts = { plane: 1, time: 1 };
  if (stack) counts[stack.axis] = stack.count;
  const pages = stack
    ? `<TiffData IFD="0" PlaneCount="${named.length * stack.count}"/>`
    : named.map((_, at) =>
      `<TiffData FirstC="${at}" IFD="${at}" PlaneCount="1"/>`
    ).join("");
  return '<?xml version="1.0" encoding="UTF-8"?>' +
    '<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" ' +
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ' +
    'xsi:schemaLocation="http://www.openmicroscopy.org/Schemas/OME/2016-06 ' +
    'http://www.openmicroscopy.org/Schemas/OME/2016-06/ome.xsd">' +
    '<Image ID="Image:0"><Pixels ID="Pixels:0" DimensionOrder="XYCZT" ' +
    `Type="${type === "float32" ? "float" : type}" BigEndian="false" ` +
    `Interleaved="${samples > 1}" SizeX="${width}" SizeY="${height}" ` +
    `SizeC="${named.length * samples}" SizeZ="${counts.plane}" ` +
    `SizeT="${counts.time}"${sizes}>${elements.join("")}` +
    `${pages}</Pixels></Image></OME>`;
}
