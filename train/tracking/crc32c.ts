/** The polynomial of Castagnoli, its bits reversed. */
const polynomial = 0x82f63b78;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) {
    value = (value >>> 1) ^ (value & 1 ? polynomial : 0);
  }
  return value;
});

/**
 * The checksum CRC-32C (Castagnoli), as in RFC 3720.
 *
 * @param bytes The bytes.
 * @returns The checksum, a whole number of 32 bits.
 */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 255]!;
  return ~crc >>> 0;
}
