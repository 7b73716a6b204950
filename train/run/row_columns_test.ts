import { assertEquals } from "@std/assert";
import { headColumnsOf, rowColumns, sourceColumnsOf } from "./row_columns.ts";

Deno.test("headColumnsOf() finds the columns of heads, each once, and not the row's own", () => {
  assertEquals(
    headColumnsOf([
      "f1",
      "F1",
      "borderF1",
      "borderF1",
      "kindsF1",
      "f1PerImage",
      "iou",
      "axonF1",
      "axonIou",
    ]),
    ["borderF1", "kindsF1", "axonF1", "axonIou"],
  );
});

Deno.test("sourceColumnsOf() finds the columns of data sets, each once, and headColumnsOf() leaves them out", () => {
  const names = ["f1", "f1:", "f1:cells", "f1:cells", "f1:withF1", "borderF1"];
  assertEquals(sourceColumnsOf(names), ["f1:cells", "f1:withF1"]);
  assertEquals(headColumnsOf(names), ["borderF1"]);
});

Deno.test("rowColumns() puts the columns of heads behind the first head's", () => {
  const columns = rowColumns(["borderF1"]);
  assertEquals(columns.indexOf("borderF1"), columns.indexOf("recall") + 1);
  assertEquals(columns.length, rowColumns([]).length + 1);
});

Deno.test("rowColumns() puts the columns of data sets behind those of heads", () => {
  const columns = rowColumns(["f1:cells", "borderF1"]);
  const at = columns.indexOf("recall");
  assertEquals(columns.slice(at + 1, at + 3), ["borderF1", "f1:cells"]);
});
