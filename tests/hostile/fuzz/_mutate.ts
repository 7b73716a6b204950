import type { Random } from "@unet/random";

/** Changes bytes; what it is given stays as it is. */
export type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array;

/** A whole number from 0 to below a limit. */
export function below(random: Random, limit: number): number {
  return Math.min(limit - 1, Math.floor(random.next() * limit));
}

/** One of several. */
export function pick<T>(random: Random, items: readonly T[]): T {
  return items[below(random, items.length)]!;
}

/** Numbers that sizes, counts and offsets lie with. */
export function extremes(length: number): number[] {
  const powers = [7, 8, 15, 16, 24, 28, 31, 32, 40, 53];
  return [
    ...[0, 1, 2, 3, length - 1, length, length + 1, length / 2 | 0],
    ...powers.flatMap((power) => [2 ** power - 1, 2 ** power]),
  ];
}

/** Writes a number of 1, 2, 4 or 8 bytes at a place. */
export function put(
  bytes: Uint8Array,
  at: number,
  size: number,
  { value, isLittle }: { readonly value: number; readonly isLittle: boolean },
): void {
  let rest = BigInt(Math.max(0, Math.trunc(value)));
  for (let index = 0; index < size && at + index < bytes.length; index++) {
    const place = isLittle ? at + index : at + size - 1 - index;
    if (place < bytes.length) bytes[place] = Number(rest & 255n);
    rest >>= 8n;
  }
}

function flipBits(bytes: Uint8Array, random: Random): Uint8Array {
  const changed = bytes.slice();
  for (let count = 1 + below(random, 8); count > 0; count--) {
    if (changed.length === 0) break;
    changed[below(random, changed.length)]! ^= 1 << below(random, 8);
  }
  return changed;
}

function setNumber(bytes: Uint8Array, random: Random): Uint8Array {
  const changed = bytes.slice();
  // Headers lie at the beginning, directories often at the end.
  const reach = pick(random, [64, 512, bytes.length]);
  const from = random.next() < 0.5 ? 0 : Math.max(0, bytes.length - reach);
  put(
    changed,
    from + below(random, Math.max(1, Math.min(reach, bytes.length))),
    pick(random, [1, 2, 4, 8]),
    {
      value: pick(random, extremes(bytes.length)),
      isLittle: random.next() < 0.7,
    },
  );
  return changed;
}

function cutOff(bytes: Uint8Array, random: Random): Uint8Array {
  return bytes.slice(0, below(random, bytes.length + 1));
}

function cutOut(bytes: Uint8Array, random: Random): Uint8Array {
  const start = below(random, bytes.length + 1);
  const length = below(random, pick(random, [4, 64, 1024]));
  return joined(bytes.subarray(0, start), bytes.subarray(start + length));
}

function repeatPart(bytes: Uint8Array, random: Random): Uint8Array {
  const start = below(random, bytes.length + 1);
  const part = bytes.subarray(
    start,
    start + 1 + below(random, pick(random, [8, 128, 2048])),
  );
  const times = pick(random, [1, 2, 16, Math.ceil(50_000 / (part.length + 1))]);
  const place = below(random, bytes.length + 1);
  return joined(
    bytes.subarray(0, place),
    ...Array.from({ length: times }, () => part),
    bytes.subarray(place),
  );
}

function copyPart(bytes: Uint8Array, random: Random): Uint8Array {
  const changed = bytes.slice();
  const from = below(random, bytes.length + 1);
  const length = 1 + below(random, pick(random, [4, 64, 1024]));
  const to = below(random, bytes.length + 1);
  changed.set(
    bytes.subarray(from, from + Math.min(length, bytes.length - to)),
    to,
  );
  return changed;
}

function insertNoise(bytes: Uint8Array, random: Random): Uint8Array {
  const place = below(random, bytes.length + 1);
  const noise = Uint8Array.from(
    { length: 1 + below(random, 16) },
    () => below(random, 256),
  );
  return joined(bytes.subarray(0, place), noise, bytes.subarray(place));
}

/** What may be done to any file. */
export const mutations: readonly Mutation[] = [
  ...[flipBits, setNumber, setNumber, cutOff, cutOut],
  ...[repeatPart, copyPart, insertNoise],
];

/** The beginning of one file and the end of another. */
export function splice(
  first: Uint8Array,
  second: Uint8Array,
  random: Random,
): Uint8Array {
  return joined(
    first.subarray(0, below(random, first.length + 1)),
    second.subarray(below(random, second.length + 1)),
  );
}

/** Bytes one after the other. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
