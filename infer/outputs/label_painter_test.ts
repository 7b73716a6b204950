import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { instanceOf } from "./fixtures/sample_instances.ts";
import { LabelPainter } from "./label_painter.ts";

function flat(rows: Iterable<Uint32Array>): number[] {
  return [...rows].flatMap((part) => [...part]);
}

Deno.test("LabelPainter paints a row when all objects on it are known", () => {
  const painter = new LabelPainter(4, 3);
  const tall = instanceOf(["#", "#", "#"], { label: 1 });
  const wide = instanceOf(["###"], { label: 2, x: 1, y: 0 });
  const low = instanceOf(["#."], { label: 3, x: 2, y: 2 });
  assertEquals(flat(painter.add({ instances: [wide], rows: 0 })), []);
  assertEquals(flat(painter.add({ instances: [tall], rows: 1 })), [
    ...[1, 2, 2, 2],
  ]);
  assertEquals(painter.pending, 1);
  assertEquals(flat(painter.add({ instances: [low], rows: 3 })), [
    ...[1, 0, 0, 0],
    ...[1, 0, 3, 0],
  ]);
  assertEquals(painter.pending, 0);
});

Deno.test("LabelPainter gives the same rows whatever the bands are", () => {
  const objects = fc.array(
    fc.record({
      x: fc.nat(20),
      y: fc.nat(600),
      width: fc.integer({ min: 1, max: 10 }),
      height: fc.integer({ min: 1, max: 300 }),
    }),
    { maxLength: 12 },
  );
  const cuts = fc.array(fc.nat(900), { maxLength: 6 });
  fc.assert(
    fc.property(objects, cuts, (objects, cuts) => {
      const width = 31, height = 901;
      const instances = objects.map((box, index) => ({
        ...box,
        label: index + 1,
        probability: 1,
        mask: new Uint8Array(box.width * box.height).fill(1),
      }));
      const expected = new Uint32Array(width * height);
      for (const { label, x, y, width: columns, height: rows } of instances) {
        for (let row = y; row < y + rows; row++) {
          expected.fill(label, row * width + x, row * width + x + columns);
        }
      }
      const painter = new LabelPainter(width, height);
      const found: number[] = [];
      let from = 0;
      for (const rows of [...cuts.sort((a, b) => a - b), height]) {
        // An object comes with the band that its first row is in.
        const given = instances.filter(({ y }) => y >= from && y < rows);
        const parts = painter.add({ instances: given, rows });
        // Some bands' rows are fetched with the next band's.
        if (rows % 3 > 0 || rows === height) found.push(...flat(parts));
        from = rows;
      }
      assertEquals(Uint32Array.from(found).length, expected.length);
      // Where two objects overlap, the order of bands decides.
      const overlaps = instances.some((a) =>
        instances.some((b) =>
          a !== b && a.x < b.x + b.width && b.x < a.x + a.width &&
          a.y < b.y + b.height && b.y < a.y + a.height
        )
      );
      if (!overlaps) assertEquals(Uint32Array.from(found), expected);
    }),
    { numRuns: 40 },
  );
});

Deno.test("LabelPainter paints a tall image in parts", () => {
  const painter = new LabelPainter(1, 600);
  const instance = {
    ...instanceOf(["#"]),
    height: 600,
    mask: new Uint8Array(600).fill(1),
  };
  const parts = [...painter.add({ instances: [instance], rows: 600 })];
  assertEquals(parts.map(({ length }) => length), [256, 256, 88]);
});

Deno.test("LabelPainter refuses objects beyond the image or too late, and rows that come back", () => {
  const painter = new LabelPainter(4, 4);
  const refuse = (change: object, message: string) =>
    assertThrows(
      () =>
        painter.add({
          instances: [{ ...instanceOf(["##"]), ...change }],
          rows: 2,
        }),
      RangeError,
      message,
    );
  refuse({ x: 3 }, "Cannot paint object 1: found it to end at (5, 1)");
  refuse({ x: -1 }, "found it at (-1, 0), expected integers from 0");
  refuse({ label: 0 }, "Cannot paint object 0: found that label");
  refuse({ label: 2 ** 32 }, "found that label");
  refuse({ width: 3 }, "found a mask of 2, expected 3 values");
  refuse({ width: 0 }, "found a box of 0×1, expected integers from 1");
  refuse({ mask: new Uint8Array(2) }, "found an empty mask");
  refuse({ probability: NaN }, "found a probability of NaN, expected 0…1");
  painter.add({ instances: [], rows: 2 });
  refuse({ y: 1 }, "found it to begin in row 1, expected none above 2");
  assertThrows(
    () => painter.add({ instances: [], rows: 1 }),
    RangeError,
    "Cannot paint labels: found 1 complete rows, expected 2 to 4",
  );
});
