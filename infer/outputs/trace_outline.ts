import type { Instance } from "../instances/instance.ts";
import { checkInstance } from "./_check_instance.ts";

/** A corner: columns and rows of pixels to the left of it and above it. */
export type Point = readonly [x: number, y: number];

/** A closed line's corners in order; the first is not repeated at the end. */
export type Ring = readonly Point[];

/** A connected area with its holes. */
export interface Polygon {
  /** Its border; the area that `Σ (x₁y₂ - x₂y₁) / 2` gives is above 0. */
  readonly outer: Ring;
  /** The borders of its holes; their areas are below 0. */
  readonly holes: readonly Ring[];
}

/** Right, down, left, up. */
const steps: readonly Point[] = [[1, 0], [0, 1], [-1, 0], [0, -1]];

/**
 * Traces an object along the edges of its pixels, so that the polygons cover
 * exactly these. Pixels that meet at a corner alone belong to different
 * polygons, and no ring touches itself, as the OGC's Simple Features want it.
 *
 * @param instance The object.
 * @returns Its polygons, one a part, with corners in pixels from the image's
 * top left. Numbers run counterclockwise around areas and clockwise around
 * holes (RFC 7946); on a screen, where y runs down, it looks the other way
 * round.
 * @throws {RangeError} If the object is empty or its mask has another size.
 *
 * @example
 * ```ts
 * import { traceOutline } from "@unet/infer/outputs";
 * import { assertEquals } from "@std/assert";
 *
 * const polygons = traceOutline({
 *   label: 1,
 *   x: 10,
 *   y: 20,
 *   width: 2,
 *   height: 1,
 *   mask: new Uint8Array([1, 1]),
 *   probability: 1,
 * });
 * assertEquals(polygons, [{
 *   outer: [[10, 20], [12, 20], [12, 21], [10, 21]],
 *   holes: [],
 * }]);
 * ```
 */
export function traceOutline(instance: Instance): Polygon[] {
  checkInstance("trace object", instance);
  const { x, y, width, height, mask } = instance;
  const inside = (column: number, row: number): boolean =>
    column >= 0 && column < width && row >= 0 && row < height &&
    mask[row * width + column] === 1;
  const visited = new Uint8Array(width * height);
  const traced: { corners: Point[]; pixel: number }[] = [];
  for (let row = 0, pixel = 0; row < height; row++) {
    for (let column = 0; column < width; column++, pixel++) {
      if (visited[pixel] || !inside(column, row) || inside(column, row - 1)) {
        continue;
      }
      const corners = trace(column, row, inside, (column, row) => {
        visited[row * width + column] = 1;
      });
      traced.push({ corners, pixel });
    }
  }
  const rings = traced.flatMap(({ corners, pixel }) =>
    splitAtTouches(corners).map((ring) => ({ ring, pixel }))
  );
  // One ring is the usual case, and needs no search for what belongs together.
  const parts = rings.length > 1 ? labelParts(mask, width) : undefined;
  const polygons = new Map<number, { outer: Ring; holes: Ring[] }>();
  const place = ([column, row]: Point): Point => [x + column, y + row];
  for (const { ring, pixel } of rings) {
    const part = parts?.[pixel] ?? 0;
    const polygon = polygons.get(part) ?? { outer: [], holes: [] };
    polygons.set(part, polygon);
    if (signedArea(ring) > 0) polygon.outer = ring.map(place);
    else polygon.holes.push(ring.map(place));
  }
  return [...polygons.values()];
}

/**
 * Follows a border from the top edge of a pixel, with objects to the right,
 * and turns right where pixels meet at a corner alone.
 */
function trace(
  column: number,
  row: number,
  inside: (column: number, row: number) => boolean,
  visit: (column: number, row: number) => void,
): Point[] {
  const corners: Point[] = [];
  let x = column, y = row, direction = 0;
  do {
    if (direction === 0) visit(x, y);
    const [dx, dy] = steps[direction]!;
    x += dx;
    y += dy;
    // The pixel ahead on the right-hand side of the step, and on the left.
    const right = inside(
      x + (dx - dy - 1) / 2,
      y + (dx + dy - 1) / 2,
    );
    const left = inside(x + (dx + dy - 1) / 2, y + (dy - dx - 1) / 2);
    if (!right) direction = (direction + 1) % 4;
    else if (left) direction = (direction + 3) % 4;
    else continue;
    corners.push([x, y]);
  } while (x !== column || y !== row || direction !== 0);
  // The start is a corner, and was come to last.
  return [corners.at(-1)!, ...corners.slice(0, -1)];
}

/** Cuts a closed line into several where it comes to a corner a second time. */
function splitAtTouches(corners: readonly Point[]): Point[][] {
  const rings: Point[][] = [], open: Point[] = [];
  const places = new Map<string, number>();
  for (const corner of corners) {
    const key = corner.join();
    const at = places.get(key);
    if (at === undefined) {
      places.set(key, open.length);
      open.push(corner);
      continue;
    }
    const ring = open.splice(at + 1);
    for (const point of ring) places.delete(point.join());
    rings.push([corner, ...ring]);
  }
  rings.push(open);
  return rings;
}

/** The area within a ring, above 0 where numbers run counterclockwise. */
function signedArea(ring: Ring): number {
  let sum = 0, [x, y] = ring.at(-1)!;
  for (const [nextX, nextY] of ring) {
    sum += x * nextY - nextX * y;
    [x, y] = [nextX, nextY];
  }
  return sum / 2;
}

/** Numbers the parts of a mask whose pixels meet by their sides. */
function labelParts(mask: Uint8Array, width: number): Uint32Array {
  const parts = new Uint32Array(mask.length), waiting: number[] = [];
  let count = 0;
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] !== 1 || parts[start]) continue;
    parts[start] = ++count;
    waiting.push(start);
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const column = at % width;
      for (
        const next of [
          at - width,
          at + width,
          ...(column > 0 ? [at - 1] : []),
          ...(column + 1 < width ? [at + 1] : []),
        ]
      ) {
        if (mask[next] !== 1 || parts[next]) continue;
        parts[next] = count;
        waiting.push(next);
      }
    }
  }
  return parts;
}
