/**
 * Undoes PackBits: runs of a byte, and bytes as they are (TIFF 6.0, section 9).
 *
 * @param packed The bytes as they are stored.
 * @param out Filled from its start, and no further than its end.
 * @returns How many bytes there were.
 */
export function unpackPackBits(packed: Uint8Array, out: Uint8Array): number {
  let to = 0;
  for (let at = 0; at < packed.length && to < out.length;) {
    const head = packed[at++]! << 24 >> 24;
    if (head === -128) continue;
    const length = Math.min(Math.abs(head) + 1, out.length - to);
    if (head < 0) {
      if (at >= packed.length) break;
      out.fill(packed[at++]!, to, to + length);
      to += length;
    } else {
      const bytes = packed.subarray(at, at + length);
      out.set(bytes, to);
      at += head + 1;
      to += bytes.length;
    }
  }
  return to;
}
