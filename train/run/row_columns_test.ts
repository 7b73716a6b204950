import { assertEquals } from "@std/assert";
import { headColumnsOf, rowColumns } from "./row_columns.ts";

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

Deno.test("rowColumns() puts the columns of heads behind the first head's", () => {
  const columns = rowColumns(["borderF1"]);
  assertEquals(columns.indexOf("borderF1"), columns.indexOf("recall") + 1);
  assertEquals(columns.length, rowColumns([]).length + 1);
});
