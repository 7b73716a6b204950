import type { PixelSize } from "@unet/data";
import { inXml } from "./_in_xml.ts";

/** An image whose channels are pages of a TIFF. */
export interface OmeChannels {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** The type of a value. */
  readonly type: "uint8" | "float";
  /** The channels' names, in the order of the pages. */
  readonly channels: readonly string[];
  /** How large a pixel is, in µm. */
  readonly pixelSize?: PixelSize;
}

/**
 * The OME-XML of such an image, by which Bio-Formats (Fiji, QuPath) and tifffile
 * know that its pages are channels, and what they are called. In ASCII, as the
 * ImageDescription of a TIFF has to be.
 */
export function describeOmeChannels(
  { width, height, type, channels, pixelSize }: OmeChannels,
): string {
  const sizes = pixelSize
    ? ` PhysicalSizeX="${pixelSize.x}" PhysicalSizeY="${pixelSize.y}"`
    : "";
  const names = channels.map((name, at) =>
    `<Channel ID="Channel:0:${at}" Name="${inXml(name)}" SamplesPerPixel="1"/>`
  );
  const pages = channels.map((_, at) =>
    `<TiffData FirstC="${at}" IFD="${at}" PlaneCount="1"/>`
  );
  return '<?xml version="1.0" encoding="UTF-8"?>' +
    '<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" ' +
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ' +
    'xsi:schemaLocation="http://www.openmicroscopy.org/Schemas/OME/2016-06 ' +
    'http://www.openmicroscopy.org/Schemas/OME/2016-06/ome.xsd">' +
    '<Image ID="Image:0"><Pixels ID="Pixels:0" DimensionOrder="XYCZT" ' +
    `Type="${type}" BigEndian="false" Interleaved="false" SizeX="${width}" ` +
    `SizeY="${height}" SizeC="${channels.length}" SizeZ="1" SizeT="1"${sizes}>` +
    `${names.join("")}${pages.join("")}</Pixels></Image></OME>`;
}
