import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Points, polygonSpans } from "./spans.ts";

/** The pixels that a polygon fills, row by row. */
function filled(width: number, height: number, points: Points): Set<number> {
  const pixels = new Set<number>();
  polygonSpans({ width, height }, points, (row, from, to) => {
    for (let x = from; x < to; x++) pixels.add(row * width + x);
  });
  return pixels;
}

/** How often a polygon winds around a point, by the angles of its corners. */
function windings(points: Points, px: number, py: number): number {
  let angle = 0;
  for (let at = 0; at < points.length; at += 2) {
    const next = (at + 2) % points.length;
    const ax = points[at]! - px, ay = points[at + 1]! - py;
    const bx = points[next]! - px, by = points[next + 1]! - py;
    angle += Math.atan2(ax * by - ay * bx, ax * bx + ay * by);
  }
  return Math.round(angle / (2 * Math.PI));
}

Deno.test("polygonSpans() fills what the outline winds around, and pixels within half of one of its edges alone", () => {
  const width = 14, height = 12;
  const corner = fc.tuple(
    fc.integer({ min: -3, max: width + 2 }),
    fc.integer({ min: -3, max: height + 2 }),
  );
  fc.assert(fc.property(
    fc.array(corner, { minLength: 1, maxLength: 9 }),
    (corners) => {
      const points = corners.flat(), found = filled(width, height, points);
      for (let at = 0; at < width * height; at++) {
        const x = at % width, y = Math.floor(at / width);
        const distance = distanceTo(points, x, y);
        if (distance <= 0.5 - 1e-6) assert(found.has(at), `edge at ${x},${y}`);
        else if (distance > 0.5 + 1e-6) {
          // Far from the outline the winding number alone decides.
          assertEquals(found.has(at), windings(points, x, y) !== 0);
        }
      }
    },
  ));
});

/** The distance of a point from an outline. */
function distanceTo(points: Points, px: number, py: number): number {
  let least = Infinity;
  for (let at = 0; at < points.length; at += 2) {
    const next = (at + 2) % points.length;
    const ax = points[at]!, ay = points[at + 1]!;
    const dx = points[next]! - ax, dy = points[next + 1]! - ay;
    const length = dx * dx + dy * dy;
    const share = length === 0
      ? 0
      : Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / length));
    least = Math.min(
      least,
      Math.hypot(ax + share * dx - px, ay + share * dy - py),
    );
  }
  return least;
}
