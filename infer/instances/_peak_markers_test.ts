import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { markPeaks } from "./_peak_markers.ts";
import { Workspace } from "./_workspace.ts";

/** A relief of a component that fills a frame but for its ring. */
interface Relief {
  width: number;
  height: number;
  values: readonly number[];
}

/** The marker of each pixel of the component, row by row. */
function markersOf({ width, height, values }: Relief, depth: number): number[] {
  const frame = { x: -1, y: -1, width: width + 2, height: height + 2 };
  const space = new Workspace();
  space.reserve(frame.width * frame.height);
  const place = (at: number): number =>
    (Math.floor(at / width) + 1) * frame.width + at % width + 1;
  values.forEach((value, at) => {
    space.inside[place(at)] = 1;
    space.relief[place(at)] = value;
  });
  markPeaks(frame, space, Math.max(...values), depth);
  return values.map((_, at) => space.labels[place(at)]!);
}

/** The pixels that touch one, by a side or a corner. */
function around({ width, height }: Relief, at: number): number[] {
  const x = at % width, y = Math.floor(at / width);
  const found: number[] = [];
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const column = x + dx, row = y + dy;
      if (dx === 0 && dy === 0) continue;
      if (column < 0 || row < 0 || column >= width || row >= height) continue;
      found.push(row * width + column);
    }
  }
  return found;
}

/**
 * scikit-image's h-maxima by their definition: the relief less the depth grows
 * under the relief until nothing changes; pixels of a plateau that no neighbor
 * overtops are marked.
 */
function isMarked(relief: Relief, depth: number): boolean[] {
  let grown = relief.values.map((value) => value - depth);
  for (;;) {
    const next = grown.map((value, at) =>
      Math.min(
        relief.values[at]!,
        Math.max(value, ...around(relief, at).map((other) => grown[other]!)),
      )
    );
    if (next.every((value, at) => value === grown[at])) break;
    grown = next;
  }
  return grown.map((level, at) => {
    const plateau = new Set([at]);
    for (const place of plateau) {
      for (const other of around(relief, place)) {
        if (grown[other]! > level) return false;
        if (grown[other] === level) plateau.add(other);
      }
    }
    return true;
  });
}

Deno.test("markPeaks() marks what lies down to exactly the depth below a peak", () => {
  const relief = { width: 7, height: 1, values: [9, 8, 7, 6, 7, 8, 9] };
  assertEquals(markersOf(relief, 2), [1, 1, 1, 0, 2, 2, 2]);
  assertEquals(markersOf(relief, 1), [1, 1, 0, 0, 0, 2, 2]);
});

Deno.test("markPeaks() takes two peaks for one where the dip between them is not deeper than the depth", () => {
  const relief = { width: 7, height: 1, values: [9, 8, 7, 6, 7, 8, 9] };
  assertEquals(markersOf(relief, 3), [1, 1, 1, 1, 1, 1, 1]);
});

Deno.test("markPeaks() marks the regional maxima of scikit-image's reconstruction", () => {
  const anyRelief = fc.record({
    width: fc.integer({ min: 1, max: 7 }),
    height: fc.integer({ min: 1, max: 7 }),
  }).chain(({ width, height }) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      values: fc.array(fc.integer({ min: 1, max: 9 }), {
        minLength: width * height,
        maxLength: width * height,
      }),
    })
  );
  const anyDepth = fc.integer({ min: 1, max: 6 });
  fc.assert(
    fc.property(anyRelief, anyDepth, (relief, depth) => {
      assertEquals(
        markersOf(relief, depth).map((marker) => marker > 0),
        isMarked(relief, depth),
      );
    }),
    { numRuns: 300 },
  );
});
