import type { Instance } from "../instances/instance.ts";
import { type Ring, traceOutline } from "./trace_outline.ts";

/** The first version of the format with everything that is used here. */
const version = 227;

/** Kinds of ROIs; a composite is stored as its bounding rectangle. */
const kind = { composite: 1, traced: 8 } as const;

/** Where the position in a stack is, in the header and behind the content. */
const positionAt = { index: 56, slice: 8, frame: 12 } as const;

/** An option: coordinates follow once more as floats. */
const subPixel = 128;

/** Steps of a composite's path. */
const path = { moveTo: 0, lineTo: 1, close: 4 } as const;

const headerLength = 64;

/** The largest coordinate that every reader takes as a signed 16-bit number. */
const largest = 32767;

/**
 * Encodes an object as ImageJ's ROI: a traced outline along the edges of its
 * pixels, or, if it has holes or several parts, a composite. Coordinates
 * beyond 32,767 are stored as floats. An object of a stack has its slice and
 * frame, or where the file has no other axis, its index.
 *
 * @param instance The object.
 * @param name The name that ImageJ shows.
 * @returns The bytes of a `.roi` file.
 * @throws {RangeError} If the object is empty or its mask has another size.
 *
 * @example
 * ```ts
 * import { encodeRoi } from "@unet/infer/outputs";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = encodeRoi({
 *   label: 1,
 *   x: 3,
 *   y: 4,
 *   width: 1,
 *   height: 1,
 *   mask: new Uint8Array([1]),
 *   probability: 0.5,
 * }, "nucleus-1");
 * assertEquals(new TextDecoder().decode(bytes.subarray(0, 4)), "Iout");
 * ```
 */
export function encodeRoi(instance: Instance, name: string): Uint8Array {
  const { x, y, width, height, place } = instance;
  const polygons = traceOutline(instance);
  const rings = polygons.flatMap(({ outer, holes }) => [outer, ...holes]);
  const [ring] = rings;
  // A count of corners has 16 bits, as the coordinates.
  const isTraced = rings.length === 1 && ring!.length <= largest;
  const isFar = x + width > largest || y + height > largest;
  const content = isTraced
    ? encodeTraced(ring!, x, y, isFar)
    : encodeComposite(rings);
  const nameAt = headerLength + content.length + headerLength;
  const out = new Uint8Array(nameAt + 2 * name.length);
  const view = new DataView(out.buffer);
  out.set(new TextEncoder().encode("Iout"));
  view.setInt16(4, version);
  out[6] = isTraced ? kind.traced : kind.composite;
  [y, x, y + height, x + width].forEach((value, index) =>
    view.setUint16(8 + 2 * index, Math.min(value, 0xffff))
  );
  if (isTraced) {
    view.setUint16(16, ring!.length);
    if (isFar) view.setInt16(50, subPixel);
  } else {
    view.setInt32(36, content.length / 4);
  }
  view.setInt32(60, headerLength + content.length);
  out.set(content, headerLength);
  if (place) {
    // From 1; 0 stands for all. In a stack of one axis ImageJ looks at the index
    // of the image alone, and forgets it where there are slices and frames.
    const slice = (place.plane ?? -1) + 1, frame = (place.time ?? -1) + 1;
    const header = headerLength + content.length;
    if (place.isAlone) view.setInt32(positionAt.index, slice || frame);
    else {
      view.setInt32(header + positionAt.slice, slice);
      view.setInt32(header + positionAt.frame, frame);
    }
  }
  view.setInt32(headerLength + content.length + 16, nameAt);
  view.setInt32(headerLength + content.length + 20, name.length);
  for (let index = 0; index < name.length; index++) {
    view.setUint16(nameAt + 2 * index, name.charCodeAt(index));
  }
  return out;
}

/** Columns, then rows, from the box's corner; then both as floats. */
function encodeTraced(
  ring: Ring,
  left: number,
  top: number,
  asFloats: boolean,
): Uint8Array {
  const { length } = ring;
  const view = new DataView(new ArrayBuffer(length * (asFloats ? 12 : 4)));
  ring.forEach(([x, y], index) => {
    view.setInt16(2 * index, x - left);
    view.setInt16(2 * (length + index), y - top);
    if (!asFloats) return;
    view.setFloat32(4 * (length + index), x);
    view.setFloat32(4 * (2 * length + index), y);
  });
  return new Uint8Array(view.buffer);
}

/** A path of floats through all rings. */
function encodeComposite(rings: readonly Ring[]): Uint8Array {
  const steps = rings.flatMap((ring) => [
    ...ring.flatMap(([x, y], index) => [
      index === 0 ? path.moveTo : path.lineTo,
      x,
      y,
    ]),
    path.close,
  ]);
  const view = new DataView(new ArrayBuffer(4 * steps.length));
  steps.forEach((value, index) => view.setFloat32(4 * index, value));
  return new Uint8Array(view.buffer);
}
