import { cannot, FileError } from "@unet/errors";
import type { ByteSource } from "../images/byte_source.ts";
import { requireBacked } from "../images/decode_budget.ts";

/** Where the header names the directory of pieces. */
const directoryAt = 84;

/** Bytes of a segment's head, of the directory's own, and of an entry's. */
const segmentHead = 32, directoryHead = 160, entryHead = 32, axisBytes = 20;

/** Axes that an entry has at most; the format knows a dozen. */
const mostAxes = 64;

/** Places of pieces on the glass, in pixels, are not as far out as this. */
const farthest = 2 ** 30;

/**
 * Refuses a Zeiss file whose directory lies about the sizes of its pieces:
 * OpenSlide 4.0 trusts them, and takes memory without end for a piece that is
 * said to be stored larger than it is. What else is wrong OpenSlide says.
 *
 * @param path What messages call the file.
 * @throws {FileError} If a piece is said to be stored larger than it is, or to
 * be larger than the file backs.
 */
export function checkCzi(path: string, source: ByteSource): void {
  const header = viewOf(source, 0, directoryAt + 8);
  if (!header) return;
  const at = Number(header.getBigInt64(directoryAt, true));
  const head = viewOf(source, at, directoryHead);
  const count = head?.getInt32(segmentHead, true) ?? 0;
  if (count < 1) return;
  const bytes = Math.min(
    count * (entryHead + mostAxes * axisBytes),
    source.size - at - directoryHead,
  );
  const entries = viewOf(source, at + directoryHead, bytes);
  if (!entries) return;
  for (let entry = 0, from = 0; entry < count; entry++) {
    if (from + entryHead > bytes) return;
    const axes = entries.getInt32(from + 28, true);
    const end = from + entryHead + axes * axisBytes;
    if (axes < 0 || axes > mostAxes || end > bytes) return;
    const stored: number[] = [];
    for (let axis = from + entryHead; axis < end; axis += axisBytes) {
      const name = entries.getUint32(axis, true);
      if (name !== 0x58 && name !== 0x59) continue;
      const start = entries.getInt32(axis + 4, true);
      const size = entries.getInt32(axis + 8, true);
      const kept = entries.getInt32(axis + 16, true);
      stored.push(kept);
      if (kept >= 1 && size >= kept && Math.abs(start) + size < farthest) {
        continue;
      }
      throw new FileError(cannot("read", "image", path, {
        found: `a damaged CZI (piece ${entry} at ${start} of ${size} pixels, ` +
          `stored as ${kept})`,
        expected: "a complete file",
        remedy: "get the file again",
      }));
    }
    const pixels = stored.reduce((product, side) => product * side, 1);
    requireBacked(path, {
      ...{ kind: "piece", decoded: 4 * pixels, stored: source.size },
    });
    from = end;
  }
}

/** Bytes of a file; undefined where they do not all lie in it. */
function viewOf(
  source: ByteSource,
  offset: number,
  length: number,
): DataView | undefined {
  const isInside = offset >= 0 && length >= 0 &&
    offset + length <= source.size;
  if (!isInside) return undefined;
  const bytes = source.read(offset, length);
  return bytes.length === length ? new DataView(bytes.buffer) : undefined;
}
