/** A message under way: its fields in pieces, and their length. */
export interface Message {
  /** The bytes in order; the large ones are views, not copies. */
  readonly pieces: readonly Uint8Array<ArrayBuffer>[];
  /** Their sum. */
  readonly length: number;
}

/** A field: its number, and an integer, text, bytes or a message. */
export type Field = readonly [
  number: number,
  value: number | string | Uint8Array<ArrayBuffer> | Message,
];

/**
 * Encodes a message of protocol buffers, as ONNX files are: variable-length
 * integers of up to 53 bits that are not negative or, for enumerations and
 * sizes from the end, two's complement of 64 bits; texts, bytes and messages
 * after their length.
 *
 * @param fields The fields in order; one number may come several times.
 * @returns The message.
 */
export function message(fields: Iterable<Field>): Message {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const add = (piece: Uint8Array<ArrayBuffer>): void => {
    pieces.push(piece);
    length += piece.length;
  };
  for (const [number, value] of fields) {
    if (typeof value === "number") {
      add(Uint8Array.from([...varint(number << 3), ...varint(value)]));
      continue;
    }
    const content = typeof value === "string"
      ? bytesOf(new TextEncoder().encode(value))
      : value instanceof Uint8Array
      ? bytesOf(value)
      : value;
    add(Uint8Array.from([
      ...varint((number << 3) | 2),
      ...varint(content.length),
    ]));
    content.pieces.forEach(add);
  }
  return { pieces, length };
}

function bytesOf(bytes: Uint8Array<ArrayBuffer>): Message {
  return { pieces: [bytes], length: bytes.length };
}

/** Seven bits a byte, the lowest first. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 128n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return [...bytes, Number(rest)];
}
