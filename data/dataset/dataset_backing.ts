import { cannot, FileError } from "@unet/errors";
import { namedLimit } from "@unet/files";
import { mostTimes, sizeInWords } from "../images/decode_budget.ts";
import { largeTiff } from "./zip_entry.ts";
import type { DatasetFile } from "./dataset_file.ts";
import type { DecodedSize } from "./decoded_size.ts";

/** So much of a dataset may be decoded whatever its files store. */
const freely = 64 * 2 ** 20;

/**
 * Images of so few pixels are masks of one nucleus each, as a dataset may have
 * thousands, and hardly more than black: deflate packs them this well.
 */
const small = { pixels: 2 ** 22, times: 1032 } as const;

/** The decoded size of a case. */
export interface CaseSize {
  /** Bytes that its files take on the disk or in the zip. */
  readonly stored: number;
  /** Its image and masks. */
  readonly images: readonly DecodedSize[];
}

/** A case's place among the others, to be disposed of after use. */
export interface BackingTurn extends Disposable {
  /**
   * Waits until the cases before were judged, and counts this one.
   *
   * @throws {FileError} If the dataset does not back it.
   */
  count(id: string, size: CaseSize): Promise<void>;
}

/**
 * What a dataset may decode to, by the bytes that its files store: a small file
 * could otherwise cost minutes and gigabytes. A black mask is a thousandth of
 * its size, and right beside a real image; so files back one another, those of
 * a case and those of the cases before it. Cases are judged in their order,
 * whichever is read first.
 */
export class DatasetBacking {
  /** Stored bytes that are not used up. */
  #left = allowance() / mostTimes;
  #last: Promise<void> = Promise.resolve();

  /** Takes the next place; ask in the order of the cases. */
  turn(): BackingTurn {
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    return {
      count: async (id, size) => {
        await before;
        try {
          this.#count(id, size);
        } finally {
          resolve();
        }
      },
      [Symbol.dispose]: () => void before.then(resolve),
    };
  }

  #count(id: string, { stored, images }: CaseSize): void {
    const needed = images.reduce(
      (sum, { pixels, bytes }) => sum + bytes / timesOf(pixels),
      0,
    );
    if (this.#left + stored < needed) {
      const decoded = images.reduce((sum, { bytes }) => sum + bytes, 0);
      const times = Math.min(...images.map(({ pixels }) => timesOf(pixels)));
      throw notBacked(id, {
        found: `${sizeInWords(decoded)} of pixels`,
        ...{ stored, times, remedy: "save them with less compression" },
      });
    }
    this.#left += stored - needed;
  }
}

/**
 * Refuses to unpack a case whose entries of a zip store next to nothing.
 * Entries so large that they are refused by themselves do not count.
 *
 * @throws {FileError} If it is refused.
 */
export function requireStored(id: string, files: readonly DatasetFile[]): void {
  const unpacked = files.reduce(
    (sum, { size }) => sum + (size > largeTiff ? 0 : size),
    0,
  );
  const stored = storedBytes(files);
  if (unpacked <= allowance() + mostTimes * stored) return;
  throw notBacked(id, {
    found: sizeInWords(unpacked),
    ...{ stored, times: mostTimes, remedy: "unpack the zip" },
  });
}

/** Bytes that files take on the disk or in the zip. */
export function storedBytes(files: readonly DatasetFile[]): number {
  return files.reduce((sum, { stored }) => sum + stored, 0);
}

/** A person who says how much memory there is may use it. */
function allowance(): number {
  return Math.max(freely, (namedLimit() ?? 0) / 4);
}

function timesOf(pixels: number): number {
  return pixels <= small.pixels ? small.times : mostTimes;
}

function notBacked(
  id: string,
  { found, stored, times, remedy }: {
    readonly found: string;
    readonly stored: number;
    readonly times: number;
    readonly remedy: string;
  },
): FileError {
  return new FileError(cannot("read", "case", id, {
    found: `${found} in ${sizeInWords(stored)} of files`,
    expected: `at most ${times} times the stored bytes, and ` +
      `${sizeInWords(allowance() * times / mostTimes)} in the whole dataset`,
    remedy: `if its files are right, ${remedy}, or set UNET_MEMORY to the ` +
      "memory in GiB that reading may take",
  }));
}
