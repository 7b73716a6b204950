import type { TiffPage, TiffPieces } from "./tiff_page.ts";

/** Pages of one directory that follow one another in a file. */
const mostStored = 2 ** 20;

/** A page of fewer bytes need not be looked at: it costs little. */
const unquestioned = 256 * 2 ** 20;

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
