const clear = 256, end = 257, firstFree = 258, mostCodes = 4096;

/**
 * Undoes LZW as TIFF has it (TIFF 6.0, section 13): codes of 9 to 12 bits, the
 * high bit first, each longer code beginning one early.
 *
 * @param packed The bytes as they are stored.
 * @param out Filled from its start, and no further than its end.
 * @returns How many bytes there were.
 * @throws {Error} If a code stands for nothing.
 */
export function unpackLzw(packed: Uint8Array, out: Uint8Array): number {
  // Each code is a stretch of what was written before.
  const starts = new Uint32Array(mostCodes + 1);
  const lengths = new Uint32Array(mostCodes + 1);
  let to = 0, free = firstFree, width = 9, bits = 0, held = 0, at = 0;
  let before: { start: number; length: number } | null = null;
  while (to < out.length) {
    while (bits < width) {
      if (at === packed.length) return to;
      held = (held << 8 | packed[at++]!) & 0xffffff;
      bits += 8;
    }
    bits -= width;
    const code = held >> bits & (1 << width) - 1;
    if (code === end) return to;
    if (code === clear) {
      free = firstFree;
      width = 9;
      before = null;
      continue;
    }
    const start = to;
    if (before && free < mostCodes) {
      // What came before, and the first byte of what comes now.
      starts[free] = before.start;
      lengths[free] = before.length + 1;
      free++;
    }
    if (code < clear) out[to++] = code;
    else {
      if (code >= free || before === null) throw new Error(`the code ${code}`);
      const from = starts[code]!;
      const length = Math.min(lengths[code]!, out.length - to);
      // A code may end with the byte that it begins to write.
      for (let index = 0; index < length; index++) {
        out[to + index] = out[from + index]!;
      }
      to += length;
    }
    before = { start, length: to - start };
    if (free + 1 >= 1 << width && width < 12) width++;
  }
  return to;
}
