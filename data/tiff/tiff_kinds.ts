import { isPicture } from "./unpack_pieces.ts";
import type { TiffPage } from "./tiff_page.ts";

/** Compressions that the image library undoes, though not piece by piece. */
const readWhole: ReadonlySet<number> = new Set([
  ...[1, 2, 3, 4, 5, 6, 7, 8, 32773, 32946, 50001],
]);

/** Compressions by their number, for messages. */
const compressionNames: Readonly<Record<number, string>> = {
  2: "CCITT fax",
  3: "CCITT fax",
  4: "CCITT fax",
  6: "old JPEG",
  7: "JPEG",
  22610: "JPEG XR",
  32766: "NeXT",
  32809: "ThunderScan",
  33003: "JPEG 2000",
  33004: "JPEG 2000",
  33005: "JPEG 2000",
  33007: "JPEG 2000",
  34661: "JBIG",
  34676: "SGI LogLuv",
  34677: "SGI LogLuv",
  34712: "JPEG 2000",
  34887: "LERC",
  34892: "lossy JPEG of a DNG",
  34925: "LZMA",
  34933: "PNG",
  34934: "JPEG XR",
  48124: "PIXTIFF",
  50001: "WebP",
  50002: "JPEG XL",
  52546: "JPEG XL",
};

/** Color models by their number, for messages. */
const colorNames: Readonly<Record<number, string>> = {
  4: "transparency mask",
  6: "YCbCr without JPEG",
  8: "L*a*b*",
  9: "ICC L*a*b*",
  10: "ITU L*a*b*",
  32803: "color filter array",
  32844: "LogL",
  32845: "LogLuv",
  34892: "linear raw",
  51177: "depth map",
};

/** What is read, for the place after "expected". */
const readable = {
  compression: "uncompressed, LZW, Deflate, PackBits, Zstandard, JPEG or WebP",
  bits: "1 to 32 or 64 bits, or floats of 16, 32 or 64",
  color: "gray, RGB, a palette, CMYK, or YCbCr in JPEG",
} as const;

/**
 * Says why the image library cannot be asked to decode a page that is not
 * decoded block by block: a file of an unsupported kind is not called damaged.
 *
 * @returns What was found and what is read instead; undefined where it can.
 */
export function unsupportedIn(
  page: TiffPage,
): { found: string; expected: string } | undefined {
  const { bits, format, photometric, compression } = page;
  if (!readWhole.has(compression) && compression !== 50000) {
    const name = compressionNames[compression] ?? `number ${compression}`;
    return unsupported("compression", name, readable.compression);
  }
  if (format === "other") {
    return unsupported("kind of values", "complex or undefined", readable.bits);
  }
  // The library leaves Y, Cb and Cr as they are where no JPEG codec is asked.
  const isColor = photometric <= 3 || photometric === 5 ||
    photometric === 6 && (compression === 6 || compression === 7);
  if (!isColor) {
    const name = colorNames[photometric] ?? `number ${photometric}`;
    return unsupported("color model", name, readable.color);
  }
  if (isPicture(compression) && bits !== 8) {
    const name = compressionNames[compression];
    return unsupported(`bit depth in ${name}`, String(bits), "8 bits");
  }
  const isDepth = format === "unsigned" &&
    (bits === 8 || bits === 16 || photometric <= 3 && [1, 2, 4].includes(bits));
  if (isDepth && compression !== 50000) return undefined;
  const kind = format === "float"
    ? ", floats"
    : format === "signed"
    ? ", signed"
    : "";
  const depth = bits === 0 ? "one per channel" : `${bits}${kind}`;
  if (!isDepth) return unsupported("bit depth", depth, readable.bits);
  return unsupported(
    "kind of Zstandard compression",
    `${bits} bits, color model ${photometric}`,
    "gray or RGB",
  );
}

function unsupported(
  what: string,
  found: string,
  expected: string,
): { found: string; expected: string } {
  return { found: `an unsupported ${what} (${found})`, expected };
}
