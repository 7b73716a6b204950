import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { decodeTable, encodeTable, type TableHead } from "./table_message.ts";

const head: TableHead = {
  ...{ name: "a.png", choice: { plane: 2 }, version: "1-2", classes: null },
  ...{ source: { state: "corrected", words: "corrected" }, rows: 2 },
  ...{ columns: ["label", "area_px"], hasMicrometers: false },
};

Deno.test("decodeTable() of encodeTable() is the table, whatever its names are", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (name) => {
    const values = new Float64Array([1, 2, 30.5, NaN]);
    const own = { ...head, name };
    const table = decodeTable(encodeTable(own, values).buffer);
    assertEquals(table.head, own);
    assertEquals([...table.values.get("label")!], [1, 2]);
    assertEquals([...table.values.get("area_px")!], [30.5, NaN]);
  }));
});

Deno.test("decodeTable() takes a table without objects", () => {
  const bytes = encodeTable({ ...head, rows: 0 }, new Float64Array(0));
  assertEquals(decodeTable(bytes.buffer).values.get("area_px")!.length, 0);
});
