import { crc32 } from "node:zlib";
import { extremes, joined, type Mutation, pick, put } from "./_mutate.ts";

/** Makes the checksums of a PNG's chunks right, so that decoding goes further. */
export function repairPng(bytes: Uint8Array): Uint8Array {
  const repaired = bytes.slice();
  const view = new DataView(repaired.buffer);
  for (let at = 8; at + 12 <= repaired.length;) {
    const length = view.getUint32(at), end = at + 8 + length;
    if (end + 4 > repaired.length) break;
    view.setUint32(end, crc32(repaired.subarray(at + 4, end)));
    at = end + 4;
  }
  return repaired;
}

/** Makes the checksums and the length of a cached case's header right. */
export function repairCase(bytes: Uint8Array): Uint8Array {
  const repaired = bytes.slice();
  if (repaired.length < 24) return repaired;
  const view = new DataView(repaired.buffer);
  const end = Math.min(24 + view.getUint32(12, true), repaired.length);
  view.setUint32(16, crc32(repaired.subarray(24, end)), true);
  view.setUint32(20, crc32(repaired.subarray(end)), true);
  return repaired;
}

/** A cached case or a safetensors file whose header was changed. */
export function withHeader(
  bytes: Uint8Array,
  field: { readonly at: number; readonly size: 4 | 8; readonly header: number },
  change: (header: Uint8Array) => Uint8Array,
): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < field.header) return bytes;
  const length = view.getUint32(field.at, true);
  const header = change(bytes.subarray(field.header, field.header + length));
  const start = bytes.slice(0, field.header);
  put(start, field.at, field.size, { value: header.length, isLittle: true });
  return joined(start, header, bytes.subarray(field.header + length));
}

const fields: Readonly<Record<string, readonly (readonly [number, number])[]>> =
  {
    "PK\x03\x04": [[6, 2], [8, 2], [14, 4], [18, 4], [22, 4], [26, 2], [28, 2]],
    "PK\x01\x02": [
      ...[[8, 2], [10, 2], [16, 4], [20, 4], [24, 4], [28, 2], [
        30,
        2,
      ]] as const,
      ...[[32, 2], [42, 4]] as const,
    ],
    "PK\x05\x06": [[8, 2], [10, 2], [12, 4], [16, 4], [20, 2]],
  };

/** Lies in a field of a zip's headers. */
export const lieInZip: Mutation = (bytes, random) => {
  const text = new TextDecoder("latin1").decode(bytes);
  const places = Object.entries(fields).flatMap(([signature, known]) => {
    const found: [number, readonly (readonly [number, number])[]][] = [];
    for (let at = text.indexOf(signature); at >= 0;) {
      found.push([at, known]);
      at = text.indexOf(signature, at + 4);
    }
    return found;
  });
  if (places.length === 0) return bytes;
  const [at, known] = pick(random, places),
    [offset, size] = pick(random, known);
  const changed = bytes.slice();
  const value = pick(random, extremes(bytes.length));
  put(changed, at + offset, size, { value, isLittle: true });
  return changed;
};

/** Opcodes that a pickle of weights has, and some that it must not have. */
const opcodes = [
  ...[0x80, 0x95, 0x28, 0x30, 0x31, 0x4e, 0x88, 0x89, 0x4a, 0x4b, 0x4d, 0x8a],
  ...[0x47, 0x55, 0x8c, 0x54, 0x58, 0x5d, 0x61, 0x65, 0x29, 0x74, 0x85, 0x86],
  ...[0x87, 0x7d, 0x73, 0x75, 0x63, 0x93, 0x52, 0x62, 0x51, 0x71, 0x72, 0x94],
  ...[0x68, 0x6a, 0x69, 0x6f, 0x81, 0x8b, 0x90, 0x2e, 0x32],
];

/** Puts opcodes into a pickle, alone or many times. */
export const insertOpcodes: Mutation = (bytes, random) => {
  const place = Math.floor(random.next() * (bytes.length + 1));
  const codes = Array.from(
    { length: 1 + Math.floor(random.next() * 6) },
    () =>
      random.next() < 0.8
        ? pick(random, opcodes)
        : Math.floor(random.next() * 256),
  );
  const times = pick(random, [1, 1, 1, 60, 3000]);
  return joined(
    bytes.subarray(0, place),
    Uint8Array.from(
      { length: times * codes.length },
      (_, at) => codes[at % codes.length]!,
    ),
    bytes.subarray(place),
  );
};
