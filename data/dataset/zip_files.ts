/**
 * The files of a zip, listed and read in place.
 *
 * @module
 */
import { type FileEntry, Reader, ZipReader } from "@zip.js/zip.js";
import { briefText, cannot, FileError } from "@unet/errors";
import { describeSystemFault, leadsOut } from "@unet/files";
import { decodeBudgets } from "../images/decode_budget.ts";
import type { DatasetFile } from "./dataset_file.ts";
import type { Fault } from "./fault.ts";
import { firstLine } from "../images/first_line.ts";
import type { Listing } from "./listing.ts";
import {
  largestEntry,
  localHeaderBytes,
  readStoredPart,
  readZipEntry,
  type ZipEntry,
} from "./zip_entry.ts";

/** How the entries of a zip are read. */
export interface ListZipOptions {
  /** Whether a large entry that is no image is refused; so by default. */
  readonly holdsImages?: boolean;
}

/**
 * Lists the entries of a zip, which are then read in place. Entries that no
 * careful program would unpack are left out and reported as faults.
 *
 * @throws {FileError} If it is no zip, or cut off or damaged where it lists
 * its entries.
 */
export async function listZip(
  path: string,
  { holdsImages = true }: ListZipOptions = {},
): Promise<Listing> {
  const archive = open(path);
  const files = new Map<string, DatasetFile>();
  const faults: Fault[] = [];
  const spans: Span[] = [];
  try {
    const reader = new ZipReader(new SeekingReader(archive), {
      useWebWorkers: false,
      strictness: "balanced",
      filenameValidation: "tolerant",
    });
    for await (const entry of reader.getEntriesGenerator()) {
      if (entry.directory) continue;
      spans.push([entry.offset, entry.compressedSize]);
      const fault = faultOf(entry, path, files);
      if (fault) faults.push(fault);
      else files.set(entry.filename, fileOf(archive, entry, holdsImages));
    }
    requireApart(spans);
  } catch (cause) {
    archive.file.close();
    if (cause instanceof FileError) throw cause;
    throw new FileError(
      cannot("read", "zip", path, {
        found: `a damaged archive (${firstLine(cause)})`,
        expected: "a complete zip",
        remedy: "get the file again",
      }),
      { cause },
    );
  }
  return {
    files: [...files.values()],
    faults,
    close: () => archive.file.close(),
  };
}

function open(path: string): Archive {
  try {
    const file = Deno.openSync(path);
    return { path, file, size: file.statSync().size };
  } catch (cause) {
    throw new FileError(
      cannot("read", "zip", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}

/** Where an entry begins, and its packed bytes. */
type Span = readonly [offset: number, packed: number];

/** Entries that share bytes could be many times the zip. */
function requireApart(spans: readonly Span[]): void {
  let end = 0;
  for (const [offset, packed] of spans.toSorted(([a], [b]) => a - b)) {
    if (offset < end) throw new Error("entries that share bytes");
    end = offset + localHeaderBytes + packed;
  }
}

function faultOf(
  entry: FileEntry,
  path: string,
  files: ReadonlyMap<string, DatasetFile>,
): Fault | undefined {
  const name = entry.filename;
  const fault = (kind: Fault["kind"], found: string, expected: string) => ({
    kind,
    severity: "error" as const,
    message: cannot("read", "zip entry", `${path}/${shownName(name)}`, {
      found,
      expected,
    }),
  });
  if (leadsOut(name)) {
    return fault(
      "unsafe-path",
      "a path that leads out of the archive",
      "a relative path without .. or \\",
    );
  }
  if (files.has(name)) {
    return fault("duplicate-id", "a second entry of that name", "one");
  }
  return undefined;
}

/** A name as messages show it; it may have 64 KB of anything. */
function shownName(name: string): string {
  return briefText(name, { most: 1000 });
}

function fileOf(
  archive: Archive,
  entry: FileEntry,
  holdsImages: boolean,
): DatasetFile {
  // The library's own record of an entry takes 8 kB: only this much is kept.
  const kept: ZipEntry = {
    path: `${archive.path}/${shownName(entry.filename)}`,
    offset: entry.offset,
    method: entry.compressionMethod,
    encrypted: entry.encrypted,
    packed: entry.compressedSize,
    unpacked: entry.uncompressedSize,
    crc: entry.crc32 ?? 0,
  };
  const read = (at: number, length: number) => readAt(archive, at, length);
  return {
    name: entry.filename,
    path: kept.path,
    size: kept.unpacked,
    stored: kept.packed,
    stamp: kept.crc.toString(16),
    read: () =>
      decodeBudgets().pieces.use(
        kept.packed + Math.min(kept.unpacked, largestEntry),
        () => Promise.try(() => readZipEntry(kept, read, { holdsImages })),
      ),
    ...(kept.method === 0 && !kept.encrypted && {
      readPart: (at, length) => readStoredPart(kept, read, { at, length }),
    }),
  };
}

/** An open zip. */
interface Archive {
  readonly path: string;
  readonly file: Deno.FsFile;
  readonly size: number;
}

/** Reads from a place, fewer bytes at the end; a seek and its read together. */
function readAt(archive: Archive, at: number, length: number): Uint8Array {
  const { file, path, size } = archive;
  const bytes = new Uint8Array(Math.max(0, Math.min(length, size - at)));
  try {
    if (bytes.length > 0) file.seekSync(at, Deno.SeekMode.Start);
    for (let done = 0; done < bytes.length;) {
      const read = file.readSync(bytes.subarray(done));
      if (read === null) return bytes.subarray(0, done);
      done += read;
    }
    return bytes;
  } catch (cause) {
    throw new FileError(
      cannot("read", "zip", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}

/** Lets the library read pieces of an open file. */
class SeekingReader extends Reader<Archive> {
  readonly #archive: Archive;

  constructor(archive: Archive) {
    super(archive);
    this.#archive = archive;
    this.size = archive.size;
  }

  override readUint8Array(offset: number, length: number): Promise<Uint8Array> {
    return Promise.resolve(readAt(this.#archive, offset, length));
  }
}
