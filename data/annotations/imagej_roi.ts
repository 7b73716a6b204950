import type { Annotation, Corner, Ring } from "./annotation.ts";
import { annotationFault } from "./annotation_fault.ts";
import { circleOf } from "./ellipse.ts";

/** Kinds of ROIs by their number, and whether they have an area. */
const kinds: Readonly<Record<number, string>> = {
  ...{ 0: "polygon", 1: "rectangle", 2: "oval", 3: "line" },
  ...{ 4: "freehand line", 5: "line", 6: "none", 7: "freehand", 8: "traced" },
  ...{ 9: "angle", 10: "point" },
};

/** Options of a ROI: coordinates follow as floats. */
const subPixel = 128;

const headerLength = 64;

/** An object, or the kind of a ROI without an area. */
export type ReadRoi =
  | Annotation
  | { readonly leftOut: string };

/**
 * Reads a ROI of ImageJ. In ImageJ, 0, 0 of an area is the top left corner of
 * the top left pixel, as here.
 *
 * @throws {FileError} If it is damaged.
 */
export function readRoi(bytes: Uint8Array, path: string): ReadRoi {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const damaged = (found: string) =>
    annotationFault(path, found, "a whole ROI of ImageJ");
  if (bytes.length < headerLength || view.getUint32(0) !== 0x496f7574) {
    throw damaged(`${bytes.length} bytes of something else`);
  }
  const version = view.getInt16(4), type = bytes[6]!;
  const [top, left, bottom, right] = [8, 10, 12, 14].map((at) =>
    placeAt(view, at)
  );
  const compositeLength = view.getInt32(36);
  const options = version >= 218 ? view.getInt16(50) : 0;
  const plane = planeOf(view);
  const about = plane === undefined ? {} : { plane };
  if (compositeLength > 0) {
    const end = headerLength + 4 * compositeLength;
    if (end > bytes.length) throw damaged("a composite that is cut off");
    return {
      polygons: [compositeRings(view, compositeLength, damaged)],
      ...about,
    };
  }
  const isFloat = (options & subPixel) !== 0 && version >= 222;
  const box = isFloat && (type === 1 || type === 2) && version >= 223
    ? {
      x: view.getFloat32(18),
      y: view.getFloat32(22),
      width: view.getFloat32(26),
      height: view.getFloat32(30),
    }
    : { x: left!, y: top!, width: right! - left!, height: bottom! - top! };
  if (!Object.values(box).every(Number.isFinite)) {
    throw damaged(`a box of ${Object.values(box).join(", ")}`);
  }
  if (type === 1) return { polygons: [[rectangleOf(box)]], ...about };
  if (type === 2) {
    const across = box.width / 2, down = box.height / 2;
    const ring = circleOf({
      ...{ x: box.x + across, y: box.y + down, across, down },
    });
    return { polygons: [[ring]], ...about };
  }
  if (type !== 0 && type !== 7 && type !== 8) {
    return { leftOut: kinds[type] ?? `ROI of kind ${type}` };
  }
  const small = view.getUint16(16);
  const corners = small > 0 ? small : view.getInt32(18);
  const start = headerLength + (isFloat ? 4 * corners : 0);
  const size = isFloat ? 4 : 2;
  if (corners < 1 || start + 2 * size * corners > bytes.length) {
    throw damaged(`${corners} corners in ${bytes.length} bytes`);
  }
  const at = (index: number): number =>
    isFloat
      ? view.getFloat32(start + 4 * index)
      // From the box's corner, so never below 0.
      : view.getUint16(start + 2 * index);
  const ring = Array.from(
    { length: corners },
    (_, index): Corner =>
      isFloat
        ? [at(index), at(corners + index)]
        : [left! + at(index), top! + at(corners + index)],
  );
  return { polygons: [[ring]], ...about };
}

/**
 * A coordinate of 16 bits, as ImageJ reads it: beyond 32,767 its sign has
 * flipped, and so few images reach 5,000 pixels to the left of 0 that lower
 * numbers mean that.
 */
function placeAt(view: DataView, at: number): number {
  const place = view.getInt16(at);
  return place < -5000 ? place + 65536 : place;
}

function rectangleOf({ x, y, width, height }: {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}): Ring {
  return [[x, y], [x + width, y], [x + width, y + height], [x, y + height]];
}

/** The rings of a composite's path: move, line and close. */
function compositeRings(
  view: DataView,
  length: number,
  damaged: (found: string) => Error,
): Ring[] {
  const rings: Corner[][] = [];
  for (let at = 0; at < length;) {
    const kind = view.getFloat32(headerLength + 4 * at);
    if (kind === 4) {
      at++;
      continue;
    }
    if ((kind !== 0 && kind !== 1) || at + 3 > length) {
      throw damaged(`a path with curves or a step of kind ${kind}`);
    }
    const x = view.getFloat32(headerLength + 4 * (at + 1));
    const y = view.getFloat32(headerLength + 4 * (at + 2));
    if (kind === 0) rings.push([]);
    const ring = rings.at(-1);
    if (!ring) throw damaged("a path that does not begin");
    ring.push([x, y]);
    at += 3;
  }
  return rings;
}

/** The position in a stack, where a ROI has one. */
function planeOf(view: DataView): string | undefined {
  const second = view.getInt32(60);
  const hasSecond = second > 0 && second + 16 <= view.byteLength;
  const [channel, slice, frame] = [4, 8, 12].map((at) =>
    hasSecond ? view.getInt32(second + at) : 0
  );
  const index = view.getInt32(56);
  return [channel, slice, frame, index].every((one) => one! <= 0)
    ? undefined
    : `slice ${slice || index}, frame ${frame}`;
}
