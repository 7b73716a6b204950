import { join } from "./_files.ts";

/** A tag of a hand-made TIFF: its number, its type and its values. */
export type TiffTag = readonly [
  tag: number,
  type: 1 | 3 | 4 | 16,
  values: readonly number[],
];

/** What goes into a hand-made TIFF. */
export interface TiffParts {
  /** The tags of each directory; a later tag takes the place of an earlier one. */
  readonly directories: readonly (readonly TiffTag[])[];
  /** Bytes right after the header, at 8 (at 16 in a BigTIFF). */
  readonly data?: Uint8Array;
  /** Where the last directory says that the next is; 0 if not given. */
  readonly next?: number | ((offsets: readonly number[]) => number);
  /** Whether offsets have 8 bytes. */
  readonly big?: boolean;
}

const typeBytes = { 1: 1, 3: 2, 4: 4, 16: 8 } as const;

/** Puts a little-endian TIFF together by hand, whatever it claims. */
export function handmadeTiff(parts: TiffParts): Uint8Array {
  const { directories, big = false, next = 0 } = parts;
  const word = big ? 8 : 4, header = big ? 16 : 8;
  const data = parts.data ?? new Uint8Array(0);
  const pieces: Uint8Array[] = [new Uint8Array(header), data];
  let end = header + data.length;
  const offsets: number[] = [];
  const links: number[] = [];
  const append = (bytes: Uint8Array): number => {
    pieces.push(bytes);
    end += bytes.length;
    return end - bytes.length;
  };
  for (const tags of directories) {
    const last = new Map(tags.map((tag) => [tag[0], tag]));
    const sorted = [...last.values()].sort((a, b) => a[0] - b[0]);
    const stored = sorted.map(([tag, type, values]) => {
      const bytes = new Uint8Array(
        Math.max(word, values.length * typeBytes[type]),
      );
      for (const [at, value] of values.entries()) {
        put(bytes, at * typeBytes[type], typeBytes[type], value);
      }
      return { tag, type, count: values.length, bytes };
    });
    const outside = stored.map(({ bytes }) =>
      bytes.length > word ? append(bytes) : undefined
    );
    const head = big ? 8 : 2, entry = 4 + 2 * word;
    const directory = new Uint8Array(head + entry * stored.length + word);
    put(directory, 0, head, stored.length);
    for (const [index, { tag, type, count, bytes }] of stored.entries()) {
      const at = head + entry * index;
      put(directory, at, 2, tag);
      put(directory, at + 2, 2, type);
      put(directory, at + 4, word, count);
      const offset = outside[index];
      if (offset === undefined) directory.set(bytes, at + 4 + word);
      else put(directory, at + 4 + word, word, offset);
    }
    offsets.push(append(directory));
    links.push(offsets.at(-1)! + directory.length - word);
  }
  const bytes = join(pieces);
  bytes.set(big ? [0x49, 0x49, 43, 0, 8, 0, 0, 0] : [0x49, 0x49, 42, 0]);
  put(bytes, big ? 8 : 4, word, offsets[0] ?? 0);
  for (const [index, link] of links.entries()) {
    const following = offsets[index + 1] ??
      (typeof next === "number" ? next : next(offsets));
    put(bytes, link, word, following);
  }
  return bytes;
}

/** The tags of a gray image of 8 bits in strips, its pixels from 8 on. */
export function grayTags(
  width: number,
  height: number,
  rowsPerStrip = height,
): TiffTag[] {
  const strips = Math.ceil(height / rowsPerStrip);
  const rows = Array.from(
    { length: strips },
    (_, at) => Math.min(rowsPerStrip, height - at * rowsPerStrip),
  );
  return [
    [256, 4, [width]],
    [257, 4, [height]],
    [258, 3, [8]],
    [259, 3, [1]],
    [262, 3, [1]],
    [273, 4, rows.map((_, at) => 8 + at * rowsPerStrip * width)],
    [277, 3, [1]],
    [278, 4, [rowsPerStrip]],
    [279, 4, rows.map((count) => count * width)],
  ];
}

/** The tag of a description. */
export function descriptionTag(text: string): TiffTag {
  return [270, 1, [...new TextEncoder().encode(text), 0]];
}

function put(
  bytes: Uint8Array,
  at: number,
  size: number,
  value: number,
): void {
  let rest = BigInt(value);
  for (let byte = 0; byte < size; byte++) {
    bytes[at + byte] = Number(rest & 255n);
    rest >>= 8n;
  }
}
