import { assertEquals } from "@std/assert";
import { formatTable } from "./table.ts";

Deno.test("formatTable() sets text flush left and numbers flush right", () => {
  assertEquals(
    formatTable([
      ["Layer", "Count", "Why"],
      ["a", "7", "x"],
      ["longer", "1,000.5", ""],
    ]),
    [
      "Layer     Count  Why",
      "a             7  x",
      "longer  1,000.5",
    ],
  );
});

Deno.test("formatTable() takes powers of ten and infinity for numbers", () => {
  assertEquals(
    formatTable([["lr", "value"], ["3.1e-5", "∞"], ["0.1", "0.93"]]),
    ["    lr  value", "3.1e-5      ∞", "   0.1   0.93"],
  );
});

Deno.test("formatTable() lays out a header alone, and nothing", () => {
  assertEquals(formatTable([["A", "B"]]), ["A  B"]);
  assertEquals(formatTable([]), []);
});
