/**
 * Spreads values of fewer bits than a byte has, or of more than whole bytes,
 * which follow one another from the highest bit on; each row begins with a
 * byte.
 *
 * @param bytes Whole rows.
 * @param bits Per value, 1 to 31.
 * @param perRow Values per row.
 * @returns The values, of the smallest type that holds them.
 */
export function unpackBits(
  bytes: Uint8Array,
  bits: number,
  perRow: number,
): Uint8Array | Uint16Array | Uint32Array {
  const rowBytes = Math.ceil(perRow * bits / 8);
  const rows = bytes.length / rowBytes;
  const out = bits <= 8
    ? new Uint8Array(rows * perRow)
    : bits <= 16
    ? new Uint16Array(rows * perRow)
    : new Uint32Array(rows * perRow);
  for (let row = 0; row < rows; row++) {
    let at = row * rowBytes, kept = 0, value = 0;
    for (let column = 0; column < perRow; column++) {
      // Numbers, not bitwise operators: more than 32 bits may be kept.
      while (kept < bits) {
        value = value * 256 + bytes[at++]!;
        kept += 8;
      }
      kept -= bits;
      const rest = 2 ** kept;
      out[row * perRow + column] = Math.floor(value / rest);
      value %= rest;
    }
  }
  return out;
}
