import { requireBacked, wideningOf } from "../images/decode_budget.ts";
import type { PageBacking, PageBlocks } from "./block_grid.ts";
import type { TiffPage, TiffPieces } from "./tiff_page.ts";

/** Pages of one directory that follow one another in a file. */
const mostStored = 2 ** 20;

/** A page of fewer bytes need not be looked at: it costs little. */
const unquestioned = 256 * 2 ** 20;

/** So many bytes of pixels are few, whatever backs them. */
const unquestionedPixels = 2 ** 26;

/**
 * Which part of a large page's pieces may share their bytes with others: some
 * writers store an empty tile once.
 */
const mostShared = 63 / 64;

/**
 * Refuses a description of more pages than the file has bytes for, where the
 * file has one directory for all of them.
 *
 * @throws {FileError} If they do not fit.
 */
export function requireStored(page: TiffPage, pages: number): void {
  const { file } = page, bytes = pages * pageBytesOf(page);
  if (bytes <= file.size && pages <= mostStored) return;
  throw file.damaged(
    `${pages} pages of ${pageBytesOf(page)} bytes in a file of ${file.size}`,
  );
}

/** Bytes of an uncompressed page. */
export function pageBytesOf(
  { width, height, samples, bits }: TiffPage,
): number {
  return width * height * samples * bits / 8;
}

/**
 * Refuses a large page whose tiles or strips lie in the same bytes, of which a
 * small file could have any number. Pieces of no bytes, as slides have where
 * there is no tissue, do not count.
 *
 * @throws {FileError} If they share bytes.
 */
export function requireApart(page: TiffPage, pieces: TiffPieces): void {
  if (pageBytesOf(page) <= unquestioned) return;
  const { offsets, byteCounts } = pieces;
  const stored = offsets.filter((_, at) => byteCounts[at] !== 0);
  const places = stored.toSorted();
  let same = 0;
  for (let at = 1; at < places.length; at++) {
    if (places[at] === places[at - 1]) same++;
  }
  if (same <= places.length * mostShared) return;
  throw page.file.damaged(
    `${same} of ${places.length} ${page.isTiled ? "tiles" : "strips"} ` +
      "that share the bytes of others",
  );
}

/**
 * How much a piece counts that has no bytes of its own, as slides have them
 * where there is no tissue: it is black, or the same as another.
 */
const shareOfEmpty = 0.3;

/** What the pieces of a page decode to, and their bytes. */
export function backingOf(page: TiffPage, pieces: TiffPieces): PageBacking {
  const { file, tileWidth, tileHeight, isTiled, isSeparate } = page;
  const { offsets, byteCounts } = pieces;
  // The last strip may be shorter.
  const rows = isTiled ? tileHeight : Math.min(tileHeight, page.height);
  const pieceBytes = tileWidth * rows * (isSeparate ? 1 : page.samples) *
    Math.max(8, page.bits) / 8;
  const order = Uint32Array.from(offsets.keys())
    .sort((a, b) => offsets[a]! - offsets[b]!);
  let own = 0, stored = 0, last = -1;
  for (const index of order) {
    if (byteCounts[index] === 0 || offsets[index] === last) continue;
    last = offsets[index]!;
    own++;
    stored += Math.min(byteCounts[index]!, pieceBytes + file.size);
  }
  return {
    decoded: pieceBytes * offsets.length,
    stored: Math.min(stored, file.size),
    empty: pieceBytes * (offsets.length - own),
  };
}

/**
 * Refuses pages whose pixels their files do not back, before something costly
 * is done with each pixel.
 *
 * @param page The one that all are like.
 * @param pages All of them.
 * @param size Bytes of their files, which pages may share.
 * @throws {FileError} If they do not.
 */
export function requirePixelsBacked(
  page: TiffPage,
  pages: readonly PageBlocks[],
  size: number,
): void {
  const { width, height, samples, bits } = page, widened = wideningOf(page);
  const pageBytes = width * height * samples * Math.max(8, bits) / 8;
  if (pageBytes * pages.length * widened <= unquestionedPixels) return;
  let decoded = 0, stored = 0, counted = 0;
  for (const one of pages) {
    const backing = one.backing();
    decoded += backing.decoded;
    stored += backing.stored;
    counted += backing.decoded - (1 - shareOfEmpty) * backing.empty;
  }
  requireBacked(page.file.path, {
    ...{ kind: "costly", decoded, counted: widened * counted },
    stored: Math.min(stored, size),
  });
}
