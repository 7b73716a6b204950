/** The images that are taken, and the endings of their files. */
const kinds = [
  { ending: "png", start: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { ending: "jpg", start: [0xff, 0xd8, 0xff] },
  { ending: "tif", start: [0x49, 0x49, 0x2a, 0x00] },
  { ending: "tif", start: [0x4d, 0x4d, 0x00, 0x2a] },
  { ending: "tif", start: [0x49, 0x49, 0x2b, 0x00] },
  { ending: "tif", start: [0x4d, 0x4d, 0x00, 0x2b] },
] as const;

/** What an image file is, by its ending. */
export type ImageKind = typeof kinds[number]["ending"];

/**
 * What an image is by its first bytes, whatever its name or its header say.
 *
 * @param bytes The image.
 * @returns Undefined if it is no PNG, JPEG or TIFF.
 */
export function imageKindOf(bytes: Uint8Array): ImageKind | undefined {
  return kinds.find(({ start }) =>
    start.every((byte, at) => bytes[at] === byte)
  )?.ending;
}
