import type { AnnotatedImage, Annotation } from "./annotation.ts";
import { annotationFault } from "./annotation_fault.ts";
import { findSegMasks } from "../masks/seg_npy.ts";

/** The most pixels of masks. */
const mostPixels = 2 ** 28;

/**
 * Reads Cellpose's `NAME_seg.npy`: each number of its masks is an object.
 *
 * @param stem The name that the image shares with the file.
 * @throws {FileError} If it is no such file, or damaged.
 */
export function readCellpose(
  bytes: Uint8Array,
  path: string,
  stem: string,
): AnnotatedImage {
  const { width, height, read } = findSegMasks(bytes, path);
  if (width * height > mostPixels) {
    throw annotationFault(
      path,
      `${width}×${height} pixels`,
      `at most ${mostPixels} in all`,
    );
  }
  return {
    ...{ image: stem, isWholeName: false, size: { width, height } },
    ...{ annotations: objectsOf(read(), width, height), leftOut: [] },
  };
}

/** The pixels of each number besides 0, in the order of the numbers. */
function objectsOf(
  values: ArrayLike<number>,
  width: number,
  height: number,
): Annotation[] {
  const found = new Map<number, { lengths: number[]; end: number }>();
  let last = 0;
  for (let at = 0; at < width * height; at++) {
    // Column by column.
    const value = values[(at % height) * width + Math.floor(at / height)]!;
    if (value === 0) {
      last = 0;
      continue;
    }
    const own = found.get(value) ?? { lengths: [], end: 0 };
    if (value === last && own.end === at) {
      own.lengths[own.lengths.length - 1]!++;
    } else own.lengths.push(at - own.end, 1);
    own.end = at + 1;
    found.set(value, own);
    last = value;
  }
  return [...found].sort(([a], [b]) => a - b).map(([, { lengths, end }]) => ({
    polygons: [],
    mask: { height, lengths: [...lengths, width * height - end] },
  }));
}
