import { cannot, FileError } from "@unet/errors";
import { fileOnDisk } from "../images/image_file.ts";
import { labelComponents } from "../targets/label_components.ts";
import { unlabeled } from "../targets/class_target.ts";
import type { Labels } from "../types.ts";
import { decodeMask } from "./decode_mask.ts";
import type { StoredMask } from "./stored_mask.ts";

/** Labels as a file has them, and how they were read. */
export interface ReadLabels extends Labels {
  /**
   * Whether the file has one number besides 0 in 8 bits, or 65,535 alone: then
   * each connected part became an object.
   */
  readonly isBinary: boolean;
}

/** The largest number of 16 and of 32 bits. */
const largest16 = 0xffff, largest32 = 0xffffffff;

/**
 * Reads the labels of a mask, exactly. Each number is an object, and the largest
 * number of 16 or 32 bits {@linkcode unlabeled}; in a mask of 8 bits that has
 * one number besides 0, each connected part is an object.
 *
 * @param path The mask.
 * @param maxPixels The most pixels that are read.
 * @returns The labels.
 * @throws {FileError} If it cannot be read, or is no mask of objects: its
 * numbers are colors, fractions, below 0 or approximate, or it has several
 * pages or transparency.
 *
 * @example
 * ```ts
 * import { readLabels } from "@unet/data";
 * import { encodePng } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".png" });
 * const data = new Uint8Array([255, 0, 255]);
 * const size = { width: 3, height: 1, channels: 1, depth: 8 } as const;
 * await Deno.writeFile(path, await encodePng({ ...size, data }));
 * assertEquals([...(await readLabels(path, 100)).data], [1, 0, 2]);
 * await Deno.remove(path);
 * ```
 */
export async function readLabels(
  path: string,
  maxPixels: number,
): Promise<ReadLabels> {
  const mask = await decodeMask(fileOnDisk(path), { maxPixels });
  requireNumbers(mask, path);
  const { width, height, values } = mask;
  const data = Uint32Array.from(values);
  const numbers = numbersIn(data);
  numbers.delete(0);
  const [only] = numbers;
  const isOne = numbers.size === 1;
  if (isOne && (values.BYTES_PER_ELEMENT === 1 || only === largest16)) {
    return { ...labelComponents(data, width, height), isBinary: true };
  }
  if (values.BYTES_PER_ELEMENT === 2) {
    for (let at = 0; at < data.length; at++) {
      if (data[at] === largest16) data[at] = unlabeled;
    }
  }
  return { width, height, data, isBinary: false };
}

function numbersIn(data: Uint32Array): Set<number> {
  const numbers = new Set<number>();
  let last = -1;
  for (let at = 0; at < data.length; at++) {
    if (data[at] === last) continue;
    last = data[at]!;
    numbers.add(last);
  }
  return numbers;
}

function requireNumbers(mask: StoredMask, path: string): void {
  const found = mask.colorBits > 0
    ? "colors"
    : mask.isLossy
    ? "lossy compression, as of JPEG"
    : mask.hasShapeInAlpha
    ? "shapes in transparency"
    : mask.pages > 1
    ? `${mask.pages} pages`
    : mask.orientation !== 1
    ? "an image that is to be turned"
    : faultOfValues(mask.values);
  if (found === null) return;
  throw new FileError(
    cannot("read", "labels", path, {
      found,
      expected: "one page of object numbers",
    }),
  );
}

function faultOfValues(values: ArrayLike<number>): string | null {
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    const isLabel = Number.isInteger(value) && value >= 0 && value <= largest32;
    if (!isLabel) return `the value ${value}`;
  }
  return null;
}
