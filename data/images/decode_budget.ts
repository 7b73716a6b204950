import { cannot, FileError } from "@unet/errors";
import type { ImageSize } from "../types.ts";
import { ByteBudget, memoryLimit, memoryRemedy, namedLimit } from "@unet/files";

const kibi = 2 ** 10, mebi = 2 ** 20, gibi = 2 ** 30;

/**
 * How many times the stored bytes the decoded ones may be, where that is more
 * than {@linkcode freely} allows. Photographs take ten times, drawn
 * masks a hundred times; formats could do a thousand or ten thousand times.
 */
export const mostTimes = 300;

/**
 * So much may be decoded out of any file, however small it is, in one call; and
 * where each of its pixels is costly.
 */
const freely = {
  image: 256 * mebi,
  piece: 128 * mebi,
  costly: 64 * mebi,
} as const;

/** Not worth a question to the environment, of which a slide has thousands. */
const unquestioned = 16 * mebi;

/** Which part of the process' memory one image or piece may take. */
const largestShare = 1 / 2;

/** Which part of it all that is decoded at a time may take, and at most. */
const sharedShare = 1 / 8, sharedMost = 2 * gibi;

let budgets: { cases: ByteBudget; pieces: ByteBudget } | undefined;

/**
 * The memory that decoding shares in this process: `pieces` for what is
 * decoded in one call and given away, `cases` for what an image with its masks
 * keeps meanwhile. They are two, since a case waits for pieces while it holds
 * its own share. Loader workers decode nothing: they read the cache by rows.
 */
export function decodeBudgets(): { cases: ByteBudget; pieces: ByteBudget } {
  if (budgets) return budgets;
  const shared = Math.min(memoryLimit() * sharedShare, sharedMost);
  return budgets = {
    cases: new ByteBudget(shared * 3 / 4),
    pieces: new ByteBudget(shared / 4),
  };
}

/** An image about to be decoded. */
export interface Decoding {
  /**
   * An image as a whole, one tile or some strips of it, or an image that is
   * read in pieces, all of them, for something costly.
   */
  readonly kind: "image" | "piece" | "costly";
  /** Bytes once decoded. */
  readonly decoded: number;
  /** Bytes that the file has for it. */
  readonly stored: number;
  /** How many times as many the decoded ones may be; 300 if not given. */
  readonly times?: number;
  /** How many bytes they count as, where that is not their number. */
  readonly counted?: number;
}

/**
 * Refuses to decode what a file does not back with bytes of its own, and what
 * does not fit into memory.
 *
 * @param name What messages call the file.
 * @throws {FileError} If it is refused.
 */
export function requireBacked(name: string, decoding: Decoding): void {
  const { kind, decoded, stored, times = mostTimes, counted = decoded } =
    decoding;
  if (counted <= unquestioned) return;
  const allowed = freelyOf(kind);
  if (counted > Math.max(allowed, times * stored)) {
    throw new FileError(cannot("read", "image", name, {
      found: (counted > decoded
        ? `${sizeInWords(counted)} of pixels, widened for a network, in `
        : `${sizeInWords(decoded)} of pixels in `) +
        `${sizeInWords(stored)} ` +
        {
          image: "of file",
          piece: "of a tile or strip",
          costly: "of file for them",
        }[kind],
      expected: `at most ${times === 1 ? "" : `${times} times `}the stored ` +
        `bytes, or ${sizeInWords(allowed)}`,
      remedy: memoryRemedy,
    }));
  }
  const limit = memoryLimit() * largestShare;
  if (kind === "costly" || decoded <= limit) return;
  throw new FileError(cannot("read", "image", name, {
    found: `${sizeInWords(decoded)} of pixels`,
    expected: `at most ${sizeInWords(limit)}, half of the memory`,
    remedy: "cut it into pieces, or save it as a tiled TIFF",
  }));
}

/** A person who says how much memory there is may use it for one file. */
function freelyOf(kind: Decoding["kind"]): number {
  return Math.max(freely[kind], (namedLimit() ?? 0) / 4);
}

/**
 * Refuses to enlarge an image to more pixels than its file backs.
 *
 * @param name What messages call the file.
 * @param enlarged How many bytes it becomes, of how many stored ones, what
 * makes it so large, and what to do about it.
 * @throws {FileError} If it is refused.
 */
export function requireEnlarged(
  name: string,
  { decoded, stored, found, remedy }: {
    readonly decoded: number;
    readonly stored: number;
    readonly found: string;
    readonly remedy: string;
  },
): void {
  const allowed = freelyOf("costly");
  if (decoded <= Math.max(allowed, mostTimes * stored)) return;
  throw new FileError(cannot("rescale", "image", name, {
    found: `${found}, ${sizeInWords(decoded)} from ${sizeInWords(stored)}`,
    expected: `at most ${mostTimes} times the stored bytes, or ` +
      sizeInWords(allowed),
    remedy,
  }));
}

/** A network sees no less of an image than this on each side. */
const leastSide = 256;

/** Images of longer sides are not thin by chance, as small ones are. */
const longSide = 2 ** 14;

/**
 * How many times its pixels a network sees of a long, thin image, which is
 * widened by mirroring.
 */
export function wideningOf({ width, height }: ImageSize): number {
  if (Math.max(width, height) < longSide) return 1;
  return Math.max(1, leastSide / Math.min(width, height));
}

/** A number of bytes as people say it, as in "1.2 GB". */
export function sizeInWords(bytes: number): string {
  const [unit, name] = bytes < kibi
    ? [1, "bytes"]
    : bytes < mebi
    ? [kibi, "KB"]
    : bytes < gibi
    ? [mebi, "MB"]
    : [gibi, "GB"];
  const value = bytes / unit;
  return `${
    unit === 1 || value >= 10 ? Math.round(value) : value.toFixed(1)
  } ${name}`;
}
