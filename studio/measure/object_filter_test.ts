import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  noFilter,
  parseFilter,
  takesAll,
  takesObject,
} from "./object_filter.ts";

Deno.test("takesObject() takes values within every range, both ends included, and no unknown ones", () => {
  const filter = {
    ranges: { area: [10, 20], mean: [null, 5], sum: [null, null] },
    classes: null,
  } as const;
  const takes = (area: number, mean: number) =>
    takesObject(filter, (column) => ({ area, mean })[column] ?? NaN, "");
  assertEquals(
    [takes(10, 5), takes(20, -1), takes(9, 0), takes(21, 0), takes(15, 6)],
    [true, true, false, false, false],
  );
  assertEquals([takes(NaN, 0), takes(15, NaN)], [false, false]);
  assertEquals(takesAll(filter), false);
});

Deno.test("takesObject() takes the classes that are wanted, and objects of none", () => {
  const takes = (classes: readonly string[] | null, name: string) =>
    takesObject({ ranges: {}, classes }, () => NaN, name);
  assertEquals([takes(null, "a"), takes(["a"], "a"), takes(["a"], "")], [
    ...[true, true, false],
  ]);
  assertEquals([takes([""], ""), takes([], "")], [true, false]);
});

Deno.test("parseFilter() takes filters as JSON gives them, and nothing else", () => {
  const limit = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }));
  const filter = fc.record({
    ranges: fc.dictionary(fc.string(), fc.tuple(limit, limit)),
    classes: fc.option(fc.array(fc.string())),
  }, { noNullPrototype: true });
  fc.assert(fc.property(filter, (one) => {
    const sent = JSON.parse(JSON.stringify(one));
    assertEquals(parseFilter(sent), sent);
  }));
  assertEquals(parseFilter(noFilter), noFilter);
  assertEquals(takesAll(noFilter), true);
  for (
    const bad of [
      ...[null, 3, "all", [], {}, { ranges: null, classes: null }],
      ...[{ ranges: {} }, { ranges: { area: [1] }, classes: null }],
      ...[{ ranges: { area: [1, "2"] }, classes: null }],
      ...[{ ranges: {}, classes: [3] }, { ranges: {}, classes: "tumor" }],
      { ranges: {}, classes: Array(1001).fill("a") },
    ]
  ) assertEquals(parseFilter(bad), null, JSON.stringify(bad));
});
