const tableFlag = 0x80, sizeBits = 0x07;
const extension = 0x21, graphicControl = 0xf9, imageStart = 0x2c;

/**
 * Makes the color tables of a GIF ramps of gray, and leaves transparency out,
 * so that decoding it gives indices: the image library gives colors alone.
 *
 * @param bytes A GIF; where it is cut off, the copy is too.
 */
export function withGrayTables(bytes: Uint8Array): Uint8Array {
  const out = Uint8Array.from(bytes);
  let at = 13 + fillTable(out, 13, out[10]!);
  while (at + 1 < out.length) {
    if (out[at] === imageStart) {
      const table = at + 10;
      // One byte for the width of codes follows the table.
      at = afterBlocks(out, table + fillTable(out, table, out[at + 9]!) + 1);
    } else if (out[at] === extension) {
      if (out[at + 1] === graphicControl) out[at + 3]! &= 0xfe;
      at = afterBlocks(out, at + 2);
    } else break;
  }
  return out;
}

/**
 * The colors by index that a GIF shows its first frame in, as `"#rrggbb"`; none
 * where it has no table of colors.
 *
 * @param bytes A GIF; where it is cut off, colors are left out.
 */
export function paletteOfGif(bytes: Uint8Array): string[] {
  let table = { at: 13, flags: bytes[10] ?? 0 };
  let at = 13 + tableLength(table.flags);
  while (bytes[at] === extension) at = afterBlocks(bytes, at + 2);
  const flags = bytes[at + 9] ?? 0;
  if (bytes[at] === imageStart && tableLength(flags) > 0) {
    table = { at: at + 10, flags };
  }
  const colors = bytes.subarray(table.at, table.at + tableLength(table.flags));
  return Array.from(
    { length: Math.floor(colors.length / 3) },
    (_, index) => `#${colors.subarray(3 * index, 3 * index + 3).toHex()}`,
  );
}

/** The bytes of a color table; 0 where there is none. */
function tableLength(flags: number): number {
  return (flags & tableFlag) === 0 ? 0 : 3 * 2 ** ((flags & sizeBits) + 1);
}

/** Fills a color table, if there is one, and gives its length. */
function fillTable(out: Uint8Array, at: number, flags: number): number {
  const length = tableLength(flags);
  for (let index = 0; index < length / 3; index++) {
    out.fill(index, at + index * 3, at + index * 3 + 3);
  }
  return length;
}

/** Where data ends that is split into blocks of up to 255 bytes. */
function afterBlocks(bytes: Uint8Array, at: number): number {
  for (; at < bytes.length && bytes[at] !== 0;) at += 1 + bytes[at]!;
  return at + 1;
}
