import type { Random } from "@unet/random";
import { zipOf } from "../_files.ts";
import { below, type Mutation, mutations, pick } from "./_mutate.ts";
import { replaceValue } from "./_mutate_text.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();

/** A file of a hierarchy. */
interface ZipPart {
  readonly name: string;
  readonly content: Uint8Array;
}

const isMetadata = /(zarr\.json|\.z(attrs|array|group))$/;

/** Sizes that no image has, and paths that lead elsewhere. */
const lies: readonly string[] = [
  ...["[1]", "[0,0]", "[2147483647,2147483647]", "[1,1,1,1,1]", "[-1,2]"],
  ...["[1000000,1000000]", "[1.5,2]", "[4294967296,1]", "[9007199254740993,1]"],
  ...['".."', '"../.."', '"/etc/passwd"', '"a/../../b"', '"C:\\\\x"', '"."'],
  ...['"blosc"', '"zstd"', '"gzip"', '"zlib"', '"lz4"', '"sharding_indexed"'],
  ...['"transpose"', '"bytes"', '"crc32c"', '"delta"', '"vlen-utf8"'],
  ...['"float64"', '"uint64"', '"string"', '"<u8"', '">f2"', '"|O"', '"<U4"'],
  ...['"0.7"', '"0.1"', '"x"', '"c"', '"start"', '"F"', '"v2"', '"."'],
];

const values = /\[[^[\]{}]{0,200}\]|"(?:[^"\\]|\\.){0,200}"|-?\d+(?:\.\d+)?/g;

/** Puts one of the lies in the place of a list, text or number. */
const lie: Mutation = (bytes, random) => {
  const text = decoder.decode(bytes);
  const found = [...text.matchAll(values)];
  if (found.length === 0) return bytes;
  const { index, 0: token } = pick(random, found);
  return encoder.encode(
    text.slice(0, index) + pick(random, lies) +
      text.slice(index + token.length),
  );
};

/** Changes a file of a hierarchy in a zip, or takes it out. */
export const changeZarr: Mutation = (bytes, random) => {
  const parts = partsOf(bytes);
  if (parts.length === 0) return bytes;
  const described = parts.filter(({ name }) => isMetadata.test(name));
  const isDescribed = random.next() < 0.7 && described.length > 0;
  const part = pick(random, isDescribed ? described : parts);
  const changed = parts.flatMap((one) => {
    if (one !== part) return [one];
    if (random.next() < 0.05) return [];
    return [{ ...one, content: changeFile(one, random) }];
  });
  return zipOf(changed.map(({ name, content }) => [name, content]));
};

function changeFile({ name, content }: ZipPart, random: Random): Uint8Array {
  if (isMetadata.test(name) && random.next() < 0.9) {
    return pick(random, [lie, lie, replaceValue])(content, random);
  }
  if (random.next() < 0.2) {
    return content.slice(0, below(random, content.length + 1));
  }
  return pick(random, mutations)(content, random);
}

/** The entries of a zip that stores them one after the other, unpacked. */
function partsOf(bytes: Uint8Array): ZipPart[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: ZipPart[] = [];
  for (let at = 0; at + 30 <= bytes.length;) {
    if (view.getUint32(at, true) !== 0x04034b50) break;
    const size = view.getUint32(at + 18, true);
    const name = view.getUint16(at + 26, true);
    const start = at + 30 + name + view.getUint16(at + 28, true);
    if (start + size > bytes.length) break;
    parts.push({
      name: decoder.decode(bytes.subarray(at + 30, at + 30 + name)),
      content: bytes.slice(start, start + size),
    });
    at = start + size;
  }
  return parts;
}
