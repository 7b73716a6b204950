/** The remainder of each byte (PNG specification, appendix D). */
const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) {
    byte = byte & 1 ? 0xedb88320 ^ byte >>> 1 : byte >>> 1;
  }
  return byte;
});

/**
 * The check sum of PNG and zip.
 *
 * @param bytes The bytes.
 * @param before The sum of what comes before them.
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  let sum = ~before;
  for (const byte of bytes) {
    sum = remainders[(sum ^ byte) & 0xff]! ^ sum >>> 8;
  }
  return ~sum >>> 0;
}
