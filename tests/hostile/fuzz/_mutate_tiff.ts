import { below, extremes, type Mutation, pick, put } from "./_mutate.ts";

/** Where the entries of a TIFF's directories lie. */
function entriesOf(bytes: Uint8Array): { at: number; big: boolean }[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 16) return [];
  const isLittle = bytes[0] === 0x49, big = view.getUint16(2, isLittle) === 43;
  const word = (at: number): number =>
    at + 8 > bytes.length
      ? 0
      : big
      ? Number(view.getBigUint64(at, isLittle))
      : view.getUint32(at, isLittle);
  const found: { at: number; big: boolean }[] = [];
  const seen = new Set<number>();
  for (let next = word(big ? 8 : 4); !seen.has(next) && seen.size < 20;) {
    seen.add(next);
    if (next === 0 || next + 8 > bytes.length) break;
    const count = big ? word(next) : view.getUint16(next, isLittle);
    const head = big ? 8 : 2, size = big ? 20 : 12;
    for (let index = 0; index < Math.min(count, 64); index++) {
      found.push({ at: next + head + index * size, big });
    }
    next = word(next + head + count * size);
  }
  return found.filter(({ at }) => at + 20 <= bytes.length);
}

/** Lies about a tag: its number, type, count or value. */
export const lieInTag: Mutation = (bytes, random) => {
  const entries = entriesOf(bytes);
  if (entries.length === 0) return bytes;
  const changed = bytes.slice(), isLittle = bytes[0] === 0x49;
  const { at, big } = pick(random, entries), word = big ? 8 : 4;
  const set = (place: number, size: number, value: number): void =>
    put(changed, place, size, { value, isLittle });
  switch (below(random, 5)) {
    case 0:
      set(at, 2, pick(random, [256, 257, 258, 259, 262, 277, 278, 322, 330]));
      break;
    case 1:
      set(at + 2, 2, below(random, 20));
      break;
    case 2:
      set(at + 4, word, pick(random, extremes(bytes.length)));
      break;
    case 3:
      set(at + 4 + word, word, pick(random, extremes(bytes.length)));
      break;
    default: {
      // The value of another tag, so that two share their bytes.
      const other = pick(random, entries).at;
      changed.copyWithin(at + 4, other + 4, other + 4 + 2 * word);
    }
  }
  return changed;
};

/** Another compression, or another kind of values. */
export const changeKind: Mutation = (bytes, random) => {
  const isLittle = bytes[0] === 0x49;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const changed = bytes.slice();
  const tags: Readonly<Record<number, readonly number[]>> = {
    258: [0, 1, 2, 4, 8, 12, 16, 24, 31, 32, 64, 128],
    259: [1, 2, 3, 4, 5, 6, 7, 8, 32773, 32946, 34925, 50000, 50001],
    262: [0, 1, 2, 3, 4, 5, 6, 8, 32803],
    277: [0, 1, 2, 3, 4, 5, 1024, 65535],
    284: [1, 2, 3],
    317: [1, 2, 3, 4],
    339: [0, 1, 2, 3, 4, 5, 6],
  };
  const known = entriesOf(bytes).filter(({ at }) =>
    view.getUint16(at, isLittle) in tags
  );
  if (known.length === 0) return bytes;
  const { at, big } = pick(random, known);
  put(changed, at + (big ? 12 : 8), 2, {
    value: pick(random, tags[view.getUint16(at, isLittle)]!),
    isLittle,
  });
  return changed;
};
