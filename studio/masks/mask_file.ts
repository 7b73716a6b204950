import { dirname, join } from "@std/path";
import {
  type Labels,
  type PixelSize,
  type ReadLabels,
  readLabels,
} from "@unet/data";
import { unlabeled } from "@unet/data/class-target";
import { markOfSync, type MaskMark } from "../folder/image_states.ts";
import { replaceFile } from "@unet/files";
import { LabelTiff } from "@unet/infer/outputs";

/** The most pixels of a mask that is edited: 8192×8192. */
export const mostPixels = 2 ** 26;

/** Masks of more pixels have levels of lower resolution. */
const pyramidAbove = 2 ** 24;

/** Rows that are written at once. */
const rowsAtOnce = 256;

/** What unlabeled pixels are in a file of 16 bits. */
const unlabeled16 = 0xffff;

/** A mask's file that was written. */
export interface WrittenMask {
  /** How it is; null where it was removed. */
  readonly mark: MaskMark | null;
}

/** How a mask is written. */
export interface WriteOptions {
  /** How large a pixel is. */
  readonly pixelSize?: PixelSize | undefined;
  /** Called when all is written, before the file gets its name. */
  readonly beforeEnd: () => Promise<void>;
  /** Asked right before that. */
  readonly isWanted: () => boolean;
}

/**
 * Writes labels as a TIFF of 16 bits, or of 32 where an object's number needs
 * it. What is unlabeled has the largest number of these bits.
 *
 * @param path The file, replaced at the end.
 * @param labels The labels.
 * @param options The size of a pixel, and who decides whether the file appears.
 * @returns The file; null where it was not wanted.
 * @throws {FileError} If it cannot be written.
 */
export async function writeMask(
  path: string,
  { width, height, data }: Labels,
  { pixelSize, beforeEnd, isWanted }: WriteOptions,
): Promise<WrittenMask | null> {
  const isNarrow = !needs32(data);
  // A name that is cleared away where a kill leaves it behind.
  const part = join(dirname(path), `.${crypto.randomUUID()}.part`);
  await using tiff = await LabelTiff.open(part, {
    ...{ width, height, pyramid: width * height > pyramidAbove },
    ...(pixelSize && { pixelSize }),
  });
  for (let y = 0; y < height; y += rowsAtOnce) {
    const rows = data.subarray(y * width, (y + rowsAtOnce) * width);
    await tiff.writeRows(isNarrow ? narrowed(rows) : rows);
  }
  await tiff.finish();
  await beforeEnd();
  // Not asked afterwards: another program may be faster.
  const mark = markOfSync(part)!;
  const isWritten = await replaceFile(part, path, { isWanted, thing: "mask" });
  return isWritten ? { mark } : null;
}

/**
 * Removes a mask's file, where edits began without one and are taken back.
 *
 * @returns Null where that was not wanted.
 */
export async function removeMask(
  path: string,
  { beforeEnd, isWanted }: WriteOptions,
): Promise<WrittenMask | null> {
  await beforeEnd();
  if (!isWanted()) return null;
  // Not asked afterwards: another program may be faster.
  if (markOfSync(path)) Deno.removeSync(path);
  return { mark: null };
}

/** Names labels and the classes of their objects. */
export function contentOf(
  labels: string,
  classes: ReadonlyMap<number, string>,
): string {
  const sorted = [...classes].sort(([one], [other]) => one - other);
  return sorted.length === 0 ? labels : `${labels} ${JSON.stringify(sorted)}`;
}

function needs32(data: Uint32Array): boolean {
  for (let at = 0; at < data.length; at++) {
    if (data[at]! >= unlabeled16 && data[at] !== unlabeled) return true;
  }
  return false;
}

function narrowed(rows: Uint32Array): Uint32Array {
  const narrow = rows.slice();
  for (let at = 0; at < narrow.length; at++) {
    if (narrow[at] === unlabeled) narrow[at] = unlabeled16;
  }
  return narrow;
}

/**
 * Reads the labels of a mask.
 *
 * @param path The file.
 * @throws {FileError} If it is no mask of objects.
 */
export function readMask(path: string): Promise<ReadLabels> {
  return readLabels(path, mostPixels);
}

/**
 * Names labels: other labels have another name.
 *
 * @param labels The labels.
 * @returns Their SHA-256 in hexadecimal.
 */
export async function nameOfLabels(
  { width, height, data }: Labels,
): Promise<string> {
  const bytes = new Uint8Array(data.buffer as ArrayBuffer);
  const content = await crypto.subtle.digest("SHA-256", bytes);
  const text = `${width} ${height} ${new Uint8Array(content).toHex()}`;
  const all = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(text),
  );
  return new Uint8Array(all).toHex();
}

/** Names labels that were read; no two reads have the same. */
export function nextId(): string {
  return crypto.randomUUID().slice(0, 8);
}
