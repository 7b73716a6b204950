import type { Point, Ring } from "./trace_outline.ts";

/**
 * Leaves out corners of a ring that lie within a distance of the line between
 * those kept (Ramer, Douglas and Peucker). Of two rings that touched, each is
 * simplified for itself, so they may cross afterwards.
 *
 * @param ring The ring.
 * @param tolerance The distance in pixels; with 0 corners on a straight line
 * alone go.
 * @returns The corners kept, in their order; the ring itself where fewer than
 * three would be left.
 * @throws {RangeError} If the tolerance is no number from 0.
 *
 * @example
 * ```ts
 * import { simplifyRing } from "@unet/infer/outputs";
 * import { assertEquals } from "@std/assert";
 *
 * const ring = [[0, 0], [5, 1], [9, 0], [9, 9], [0, 9]] as const;
 * assertEquals(simplifyRing(ring, 1), [[0, 0], [9, 0], [9, 9], [0, 9]]);
 * ```
 */
export function simplifyRing(ring: Ring, tolerance: number): Ring {
  if (!(tolerance >= 0)) {
    throw new RangeError(
      `Cannot simplify ring: found a tolerance of ${tolerance}, expected a number from 0`,
    );
  }
  const [start] = ring;
  if (!start) return ring;
  // The ring is cut in two where it is farthest from its start.
  let middle = 0, farthest = 0;
  ring.forEach(([x, y], index) => {
    const distance = Math.hypot(x - start[0], y - start[1]);
    if (distance > farthest) [middle, farthest] = [index, distance];
  });
  const closed = [...ring, start];
  const kept = new Uint8Array(closed.length);
  kept[0] = kept[middle] = 1;
  const open: [number, number][] = [[0, middle], [middle, ring.length]];
  for (let part = open.pop(); part; part = open.pop()) {
    const [from, to] = part;
    let corner = 0, most = tolerance;
    for (let index = from + 1; index < to; index++) {
      const distance = distanceTo(closed[index]!, closed[from]!, closed[to]!);
      if (distance > most) [corner, most] = [index, distance];
    }
    if (corner === 0) continue;
    kept[corner] = 1;
    open.push([from, corner], [corner, to]);
  }
  const simple = ring.filter((_, index) => kept[index]);
  return simple.length < 3 ? ring : simple;
}

/** A point's distance to the line between two others. */
function distanceTo([x, y]: Point, [x1, y1]: Point, [x2, y2]: Point): number {
  const dx = x2 - x1, dy = y2 - y1, squared = dx * dx + dy * dy;
  const along = squared === 0
    ? 0
    : Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / squared));
  return Math.hypot(x - x1 - along * dx, y - y1 - along * dy);
}
