import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { parseTable } from "./parse_table.ts";

const fieldsOf = (text: string) => parseTable(text).map(({ fields }) => fields);

Deno.test("parseTable() reads back any fields that are written in quotes", () => {
  const field = fc.string({ unit: fc.constantFrom(...'a",;\r\n é') });
  const row = fc.array(field, { minLength: 1, maxLength: 4 });
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  fc.assert(fc.property(
    fc.array(row, { maxLength: 5 }),
    fc.constantFrom("\n", "\r\n", "\r"),
    fc.boolean(),
    (rows, lineBreak, isEnded) => {
      const lines = rows.map((one) => one.map(quote).join(","));
      const text = lines.join(lineBreak) + (isEnded ? lineBreak : "");
      assertEquals(fieldsOf(text), rows);
    },
  ));
});

Deno.test("parseTable() trims fields without quotes, skips empty lines and counts lines", () => {
  assertEquals(parseTable('a , b\r\n\r\n  \n"c\nd",  "e" \n,\nf,'), [
    { line: 1, fields: ["a", "b"] },
    { line: 4, fields: ["c\nd", "e"] },
    { line: 6, fields: ["", ""] },
    { line: 7, fields: ["f", ""] },
  ]);
});

Deno.test("parseTable() refuses quotes that do not enclose a whole field", () => {
  for (const line of ['a"b"', '"a"b', '"a', '"a""', 'a,"b" c']) {
    assertThrows(
      () => parseTable(`x,y\n${line}`),
      SyntaxError,
      "stray quotes in line 2",
    );
  }
});
