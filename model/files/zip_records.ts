import { crc32 } from "node:zlib";
import { brief } from "@unet/errors";
import type { Bad } from "@unet/files/unpickle";

const localSignature = 0x04034b50, entrySignature = 0x02014b50;
const endSignature = 0x06054b50;
const end64Signature = 0x06064b50, locatorSignature = 0x07064b50;
const endBytes = 22, locatorBytes = 20, entryBytes = 46, localBytes = 30;

/** What a field of 32 bits holds where the real value takes 64. */
const elsewhere = 0xffffffff;

interface Entry {
  name: string;
  checksum: number;
  size: number;
  offset: number;
}

/**
 * Finds the records of a zip file that stores them as they are, as PyTorch
 * does. Checks the directory, every record's place and checksum, and that no
 * two share a byte.
 *
 * @param bytes The file.
 * @param bad Words a refusal.
 * @returns Views on the records by name; nothing is copied.
 */
export function zipRecords(
  bytes: Uint8Array,
  bad: Bad,
): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const spans = readDirectory(view, bad).map((entry) =>
    spanOf(entry, view, bad)
  );
  // Before any checksum: records that share bytes could be many times the file.
  requireApart(spans, bad);
  const records = new Map<string, Uint8Array>();
  for (const { name, checksum, start, end } of spans) {
    const record = `record ${brief(name)}`;
    if (records.has(name)) throw bad(`${record} twice`, "each once");
    const content = bytes.subarray(start, end);
    if (crc32(content) !== checksum) {
      throw bad(`${record} that its checksum does not fit`, "a complete file");
    }
    records.set(name, content);
  }
  return records;
}

/** A record, and where it lies. */
interface Span extends Entry {
  readonly start: number;
  readonly end: number;
}

function spanOf(entry: Entry, view: DataView, bad: Bad): Span {
  const { name, size, offset } = entry, length = view.byteLength;
  const record = `record ${brief(name)}`;
  if (offset > length - localBytes) {
    throw bad(`${record} at ${offset}`, `within ${length} bytes`);
  }
  if (view.getUint32(offset, true) !== localSignature) {
    throw bad(`${record} without its header`, "a zip file");
  }
  const start = offset + localBytes + view.getUint16(offset + 26, true) +
    view.getUint16(offset + 28, true);
  if (size > length - start) {
    throw bad(
      `${record} of ${size} bytes at ${start}`,
      `within ${length} bytes`,
    );
  }
  return { ...entry, start, end: start + size };
}

function requireApart(spans: readonly Span[], bad: Bad): void {
  let end = 0;
  for (const span of spans.toSorted((a, b) => a.offset - b.offset)) {
    if (span.offset < end) {
      throw bad("records that overlap", "records one after the other");
    }
    end = span.end;
  }
}

function readDirectory(
  view: DataView,
  bad: Bad,
): Entry[] {
  const { count, start, end } = findDirectory(view, bad);
  const entries: Entry[] = [];
  let at = start;
  for (let i = 0; i < count; i++) {
    if (
      at > end - entryBytes || view.getUint32(at, true) !== entrySignature
    ) throw bad("a damaged zip directory", `${count} records`);
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const commentLength = view.getUint16(at + 32, true);
    const next = at + entryBytes + nameLength + extraLength + commentLength;
    if (next > end) throw bad("a damaged zip directory", `${count} records`);
    const name = new TextDecoder().decode(
      new Uint8Array(
        view.buffer,
        view.byteOffset + at + entryBytes,
        nameLength,
      ),
    );
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    if (method !== 0 || (flags & 1) !== 0) {
      throw bad(
        `record ${brief(name)} ${method === 0 ? "encrypted" : "compressed"}`,
        "records stored as they are, as PyTorch writes them",
      );
    }
    const [size, packed, offset] = wideFields(
      view,
      at + entryBytes + nameLength,
      extraLength,
      [24, 20, 42].map((field) => view.getUint32(at + field, true)),
    );
    if (size === undefined || offset === undefined || packed !== size) {
      throw bad(`record ${brief(name)} of two sizes`, "one size");
    }
    entries.push({
      name,
      checksum: view.getUint32(at + 16, true),
      size,
      offset,
    });
    at = next;
  }
  return entries;
}

/** Replaces fields that stand in the extra part, by 64 bits, in this order. */
function wideFields(
  view: DataView,
  start: number,
  length: number,
  fields: readonly number[],
): (number | undefined)[] {
  const wide: number[] = [];
  for (let at = start; at + 4 <= start + length;) {
    const size = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 1) {
      const end = Math.min(at + 4 + size, start + length);
      for (let from = at + 4; from + 8 <= end; from += 8) {
        wide.push(Number(view.getBigUint64(from, true)));
      }
    }
    at += 4 + size;
  }
  return fields.map((field) => field === elsewhere ? wide.shift() : field);
}

function findDirectory(
  view: DataView,
  bad: Bad,
): { count: number; start: number; end: number } {
  const last = view.byteLength - endBytes;
  for (let at = last; at >= Math.max(0, last - 0xffff); at--) {
    if (view.getUint32(at, true) !== endSignature) continue;
    let count = view.getUint16(at + 10, true);
    let size = view.getUint32(at + 12, true);
    let start = view.getUint32(at + 16, true);
    const locator = at - locatorBytes;
    let limit = at;
    if (locator >= 0 && view.getUint32(locator, true) === locatorSignature) {
      const place = Number(view.getBigUint64(locator + 8, true));
      if (
        !(place <= locator - 56) ||
        view.getUint32(place, true) !== end64Signature
      ) throw bad("a damaged end of the zip file", "its directory");
      count = Number(view.getBigUint64(place + 32, true));
      size = Number(view.getBigUint64(place + 40, true));
      start = Number(view.getBigUint64(place + 48, true));
      limit = place;
    }
    if (start > limit || size > limit - start || count * entryBytes > size) {
      throw bad(
        `a zip directory of ${count} records in ${size} bytes at ${start}`,
        `within ${limit} bytes`,
      );
    }
    return { count, start, end: start + size };
  }
  throw bad("a zip file that is cut off", "its directory at the end");
}
