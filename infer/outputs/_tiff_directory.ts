/** A field of an image file directory: its tag, its kind and its values. */
export type Field =
  | readonly [
    tag: number,
    kind: "short" | "long" | "offset",
    values: readonly number[],
  ]
  | readonly [tag: number, kind: "rational", values: readonly number[]]
  | readonly [tag: number, kind: "text", text: string];

/** The largest number that a field of 32 bits holds. */
const largest = 2 ** 32 - 1;

/** Bytes of the header, the same for both kinds so that it may be decided last. */
export const headerLength = 16;

/**
 * The header of a little-endian file.
 *
 * @param first Where the first directory is.
 * @param big Whether offsets have 64 bits (BigTIFF).
 */
export function encodeHeader(first: number, big: boolean): Uint8Array {
  const bytes = new Uint8Array(headerLength), view = new DataView(bytes.buffer);
  bytes.set([0x49, 0x49, big ? 43 : 42]);
  if (big) {
    view.setUint16(4, 8, true);
    view.setBigUint64(8, BigInt(first), true);
  } else {
    view.setUint32(4, first, true);
  }
  return bytes;
}

/**
 * An image file directory with the values that do not fit into its entries
 * behind it.
 *
 * @param fields In the order of their tags.
 * @param at Where it will be in the file; even.
 * @param next Where the next directory is; 0 after the last.
 * @param big Whether offsets have 64 bits.
 */
export function encodeDirectory(
  fields: readonly Field[],
  at: number,
  next: number,
  big: boolean,
): Uint8Array {
  const word = big ? 8 : 4, entry = big ? 20 : 12, count = big ? 8 : 2;
  const contents = fields.map((field) => encodeValues(field, big));
  const start = count + entry * fields.length + word;
  const padded = (length: number) => length + length % 2;
  const outside = contents.reduce(
    (sum, { bytes }) => sum + (bytes.length > word ? padded(bytes.length) : 0),
    0,
  );
  const out = new Uint8Array(padded(start + outside));
  const view = new DataView(out.buffer);
  const setWord = (position: number, value: number) =>
    big
      ? view.setBigUint64(position, BigInt(value), true)
      : view.setUint32(position, value, true);
  if (big) view.setBigUint64(0, BigInt(fields.length), true);
  else view.setUint16(0, fields.length, true);
  let free = start;
  contents.forEach(({ type, length, bytes }, index) => {
    const position = count + entry * index;
    view.setUint16(position, fields[index]![0], true);
    view.setUint16(position + 2, type, true);
    setWord(position + 4, length);
    if (bytes.length <= word) {
      out.set(bytes, position + 4 + word);
    } else {
      setWord(position + 4 + word, at + free);
      out.set(bytes, free);
      free += padded(bytes.length);
    }
  });
  setWord(start - word, next);
  return out;
}

function encodeValues(
  field: Field,
  big: boolean,
): { type: number; length: number; bytes: Uint8Array } {
  if (field[1] === "text") {
    const bytes = new TextEncoder().encode(`${field[2]}\0`);
    return { type: 2, length: bytes.length, bytes };
  }
  const [, kind, values] = field, { length } = values;
  if (kind === "short") {
    return { type: 3, length, bytes: bytesOf(Uint16Array.from(values)) };
  }
  if (kind === "offset" && big) {
    const offsets = BigUint64Array.from(values, BigInt);
    return { type: 16, length, bytes: bytesOf(offsets) };
  }
  if (kind === "rational") {
    const pairs = Uint32Array.from(values.flatMap(fractionOf));
    return { type: 5, length, bytes: bytesOf(pairs) };
  }
  return { type: 4, length, bytes: bytesOf(Uint32Array.from(values)) };
}

/** A number above 0 as the fraction of two numbers of 32 bits next to it. */
function fractionOf(value: number): [number, number] {
  if (value >= largest) return [largest, 1];
  // A continued fraction: 1e4 / 0.3 is 100000 / 3, not 3333333333 / 100000.
  let above = 1, below = 0, lastAbove = 0, lastBelow = 1, rest = value;
  while (true) {
    const whole = Math.floor(rest);
    const nextAbove = whole * above + lastAbove;
    const nextBelow = whole * below + lastBelow;
    if (nextAbove > largest || nextBelow > largest) return [above, below];
    [lastAbove, lastBelow, above, below] = [above, below, nextAbove, nextBelow];
    if (Math.abs(above / below / value - 1) < 1e-12) return [above, below];
    rest = 1 / (rest - whole);
  }
}

function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
