import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Band } from "./band.ts";
import { frameBands } from "./frame_bands.ts";

Deno.test("frameBands() puts a part back where it was, with nothing around it", async () => {
  const span = fc.record({
    before: fc.integer({ min: 0, max: 300 }),
    length: fc.integer({ min: 1, max: 9 }),
    after: fc.integer({ min: 0, max: 300 }),
  });
  await fc.assert(
    fc.asyncProperty(span, span, fc.boolean(), async (across, down, two) => {
      const part = {
        x: across.before,
        y: down.before,
        width: across.length,
        height: down.length,
      };
      const size = {
        width: across.before + across.length + across.after,
        height: down.before + down.length + down.after,
      };
      const bands = async function* (): AsyncGenerator<Band> {
        for (let y = 0; y < part.height; y++) {
          const object = new Float32Array(part.width).fill((y + 1) / 10);
          // Three values per pixel: the column, and twice the row.
          const cells = Float32Array.from(
            { length: part.width * 3 },
            (_, at) => at % 3 === 0 ? (at / 3 + 1) / 10 : (y + 1) / 10,
          );
          yield {
            ...{ y, height: 1, width: part.width },
            planes: two ? { object, cells } : { object },
          };
        }
      };
      let next = 0;
      const heads = [
        { name: "object", channels: 1 },
        ...(two ? [{ name: "cells", channels: 3 }] : []),
      ];
      for await (
        const band of frameBands(bands(), part, { ...size, heads })
      ) {
        assertEquals([band.y, band.width], [next, size.width]);
        const { object, cells } = band.planes;
        assertEquals(object!.length, size.width * band.height);
        assertEquals(cells?.length, two ? 3 * object!.length : undefined);
        for (let at = 0; at < object!.length; at++) {
          const x = at % size.width - part.x;
          const y = band.y + Math.floor(at / size.width) - part.y;
          const inside = x >= 0 && x < part.width && y >= 0 && y < part.height;
          const expected = Math.fround(inside ? (y + 1) / 10 : 0);
          assertEquals(object![at], expected);
          if (!cells) continue;
          const column = Math.fround(inside ? (x + 1) / 10 : 0);
          assertEquals([...cells.subarray(3 * at, 3 * at + 3)], [
            column,
            expected,
            expected,
          ]);
        }
        next += band.height;
      }
      assertEquals(next, size.height);
    }),
    { numRuns: 30 },
  );
});

Deno.test("frameBands() fills the whole image with nothing where the part has no bands", async () => {
  const bands = async function* (): AsyncGenerator<Band> {};
  const part = { x: 2, y: 200, width: 3, height: 5 };
  let next = 0;
  for await (
    const band of frameBands(bands(), part, {
      ...{ width: 9, height: 700 },
      heads: [{ name: "object", channels: 1 }],
    })
  ) {
    assertEquals([band.y, band.width], [next, 9]);
    assertEquals(band.planes.object, new Float32Array(9 * band.height));
    next += band.height;
  }
  assertEquals(next, 700);
});

Deno.test("frameBands() surrounds classes with background", async () => {
  const bands = async function* (): AsyncGenerator<Band> {
    const classes = new Float32Array([0.25, 0.75]);
    yield { y: 0, width: 1, height: 1, planes: { classes } };
  };
  const heads = [{
    ...{ name: "classes", channels: 2, classes: ["background", "axon"] },
  }];
  const part = { x: 1, y: 1, width: 1, height: 1 };
  const framed = frameBands(bands(), part, { width: 2, height: 3, heads });
  const rows = await Array.fromAsync(framed, ({ planes }) => planes.classes!);
  assertEquals(rows.map((row) => [...row]), [
    [1, 0, 1, 0],
    [1, 0, 0.25, 0.75],
    [1, 0, 1, 0],
  ]);
});
