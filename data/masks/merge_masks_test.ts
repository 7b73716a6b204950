import { assertEquals } from "@std/assert";
import { maskOf } from "../fixtures/drawn_mask.ts";
import { mergeLabels, readNucleus } from "./merge_masks.ts";
import type { Labels } from "../types.ts";

/** A mask with rectangles of 255, each of some pixels a side. */
function squares(...sides: readonly number[]) {
  const width = 64, values = new Uint8Array(width * width);
  for (const [index, side] of sides.entries()) {
    for (let y = 0; y < side; y++) {
      const start = (4 + y) * width + 4 + 20 * index;
      values.fill(255, start, start + side);
    }
  }
  return maskOf(values, width);
}

Deno.test("readNucleus() warns of parts of comparable size, and not of specks beside a nucleus", () => {
  const kinds = (...sides: number[]) =>
    readNucleus(squares(...sides), {}).findings.map(({ kind }) => kind);
  assertEquals(kinds(12), []);
  assertEquals(kinds(12, 12), ["several-parts"]);
  // A third of the area is comparable, less is a speck.
  assertEquals(kinds(12, 7), ["several-parts"]);
  assertEquals(kinds(12, 6), []);
  assertEquals(kinds(12, 2, 1), []);
});

Deno.test("mergeLabels() numbers what is added, and lets the first mask keep a pixel", () => {
  const labels: Labels = { width: 4, height: 2, data: new Uint32Array(8) };
  const place = { x: 1, y: 0, width: 2, height: 2 };
  const first = mergeLabels(labels, {
    ...{ ...place, data: Uint32Array.of(7, 7, 0, 9) },
  }, 4);
  assertEquals(first, { pixels: 3, overlap: 0, added: 2 });
  assertEquals([...labels.data], [0, 5, 5, 0, 0, 0, 6, 0]);
  const second = mergeLabels(labels, {
    ...{ ...place, x: 2, data: Uint32Array.of(1, 1, 1, 0) },
  }, 6);
  assertEquals(second, { pixels: 3, overlap: 2, added: 1 });
  assertEquals([...labels.data], [0, 5, 5, 7, 0, 0, 6, 0]);
});
