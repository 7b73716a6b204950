import { FileError } from "@unet/errors";
import type { ByteSource } from "../images/byte_source.ts";
import { formatOf } from "../images/image_format.ts";
import type { UnreadFormat } from "../images/unread_format.ts";
import {
  firstDirectoryOf,
  numberOf,
  tags,
  textWithin,
} from "../tiff/tiff_directory.ts";
import { checkCzi } from "./check_czi.ts";
import { TiffFile } from "../tiff/tiff_file.ts";

/** A slide that OpenSlide reads. */
export interface SlideFormat {
  /** For messages, as in "a Hamamatsu NDPI slide". */
  readonly words: string;
  /** Where the rest of it lies, if the file is not all of it. */
  readonly others?: "folder" | "listed" | "dicom";
  /**
   * How other images in the same format are converted, where there are some
   * that are no slides.
   */
  readonly converter?: Pick<UnreadFormat, "plugin">;
  /** Refuses what OpenSlide would take too much memory for. */
  readonly check?: (path: string, source: ByteSource) => void;
}

const ndpi: SlideFormat = { words: "a Hamamatsu NDPI slide" };
const mirax: SlideFormat = { words: "a MIRAX slide", others: "folder" };
const vms: SlideFormat = { words: "a Hamamatsu VMS slide", others: "listed" };
const dicom: SlideFormat = {
  ...{ words: "a DICOM file", others: "dicom", converter: {} },
};
const sakura: SlideFormat = { words: "a Sakura slide" };
const czi: SlideFormat = {
  ...{ words: "a Zeiss CZI slide", check: checkCzi },
  converter: { plugin: "bioio-czi" },
};
const leica: SlideFormat = { words: "a Leica SCN slide" };
const ventana: SlideFormat = { words: "a Ventana BIF slide" };
const philips: SlideFormat = { words: "a Philips slide" };
const trestle: SlideFormat = { words: "a Trestle slide" };

/** Bytes of a file's beginning that decide. */
const startBytes = 256;

/** Leica's namespaces, of which every description names one. */
const leicaNamespace = "http://www.leica-microsystems.com/scn/20";

/**
 * Recognizes a slide that OpenSlide reads, by its first bytes, a TIFF's tags,
 * and its name where these do not say enough. TIFFs of other kinds, Aperio's
 * SVS among them, have a reader of their own here.
 *
 * @param source The file.
 * @param name Its name.
 * @returns Undefined where it is none.
 */
export function slideFormatOf(
  source: ByteSource,
  name: string,
): SlideFormat | undefined {
  const start = source.read(0, Math.min(startBytes, source.size));
  const ending = /\.[^.]*$/.exec(name.toLowerCase())?.[0] ?? "";
  const format = formatOf(start);
  if (format === "TIFF") {
    return ending === ".ndpi" ? ndpi : tiffSlideOf(source);
  }
  // Its file is a picture of the slide; what it is of lies in a folder.
  if (format === "JPEG") return ending === ".mrxs" ? mirax : undefined;
  if (format !== undefined) return undefined;
  const text = new TextDecoder("latin1").decode(start);
  if (text.startsWith("ZISRAWFILE")) return czi;
  if (text.slice(128, 132) === "DICM") return dicom;
  if (ending === ".svslide" && text.startsWith("SQLite format 3")) {
    return sakura;
  }
  return /^\s*\[(Uncompressed )?Virtual Microscope Specimen\]/.test(text)
    ? vms
    : undefined;
}

function tiffSlideOf(source: ByteSource): SlideFormat | undefined {
  try {
    const file = new TiffFile("", source), first = firstDirectoryOf(file);
    const text = (tag: number) => textWithin(file, first, tag) ?? "";
    if (numberOf(file, first, tags.hamamatsu) !== undefined) return ndpi;
    const software = text(tags.software);
    if (software.startsWith("Philips")) return philips;
    if (software.startsWith("MedScan")) return trestle;
    if (text(tags.description).includes(leicaNamespace)) return leica;
    return text(tags.xmp).includes("<iScan") ? ventana : undefined;
  } catch (error) {
    // What is wrong with a TIFF is said when it is read as one.
    if (error instanceof FileError) return undefined;
    throw error;
  }
}
