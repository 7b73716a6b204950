import { assert, assertEquals } from "@std/assert";
import { brief, briefList, briefText } from "./brief.ts";

Deno.test("brief() shows plain values as JSON does", () => {
  const values = [
    ...[null, true, 0, -1.5, "", "a", [], {}, [1, [2]], { a: { b: [1] } }],
  ];
  for (const value of values) assertEquals(brief(value), JSON.stringify(value));
});

Deno.test("brief() shows what JSON has no word for", () => {
  assertEquals(
    [undefined, NaN, -Infinity, 12n ** 20n, Symbol("a"), () => 1].map((one) =>
      brief(one)
    ),
    [
      ...["nothing", "NaN", "-Infinity", "3833759992447475122176"],
      ...["a symbol", "a function"],
    ],
  );
  assertEquals(brief(new Date(0)), '"1970-01-01T00:00:00.000Z"');
  assertEquals(brief(new Map([["a", [1]]])), '{"a":[1]}');
  assertEquals(brief(new Map([[{}, null]])), "{{}:null}");
  assertEquals(brief(new Uint8Array(3)), "a Uint8Array");
  assertEquals(brief(Object.create(null)), "{}");
});

Deno.test("brief() cuts long values where a message becomes hard to read", () => {
  assertEquals(brief("é".repeat(81)), `"${"é".repeat(80)}…"`);
  const list = brief(Array.from({ length: 1e6 }, (_, at) => at));
  assertEquals(list.length, 81);
  assertEquals(brief(["x".repeat(300)], { most: 200 }).length, 201);
  assert(list.startsWith("[0,1,2,3") && list.endsWith("…"), list);
  assertEquals(brief([[[[1]], []]]), "[[[[…]],[]]]");
  assertEquals(brief({ a: { b: { c: { d: 1 } } } }), '{"a":{"b":{"c":{…}}}}');
});

Deno.test("brief() never cuts a sign in two", () => {
  const text = brief(`${"x".repeat(79)}🔬`);
  assert(text.isWellFormed(), text);
  assertEquals(text, `"${"x".repeat(79)}…"`);
});

Deno.test("brief() takes no more time for a value of any size or depth", () => {
  // Each list holds the former twice: written out, it would have 2^200 characters.
  let doubled: unknown = 1;
  for (let depth = 0; depth < 200; depth++) doubled = [doubled, doubled];
  assertEquals(brief(doubled), "[[[[…],[…]],[[…],[…]]],[[[…],[…]],[[…],[…]]]]");
  let deep: unknown = {};
  for (let depth = 0; depth < 1e5; depth++) deep = { deep };
  assertEquals(brief(deep), '{"deep":{"deep":{"deep":{…}}}}');
  const circle: unknown[] = [];
  circle.push(circle);
  assertEquals(brief(circle), "[[[[…]]]]");
});

Deno.test("brief() and briefText() hand no control codes to a terminal", () => {
  for (const sign of ["\x1b[2J", "\n", "\x9b", "\u2028", "\u202e", "\x7f"]) {
    for (const shown of [brief(sign), brief([sign]), briefText(sign)]) {
      assert(!/[\p{Cc}\u2028\u2029\u202a-\u202e]/u.test(shown), shown);
    }
  }
});

Deno.test("briefText() leaves short text of any writing system as it is", () => {
  assertEquals(briefText("細胞 é"), "細胞 é");
  assertEquals(briefText("abcdef", { most: 3 }), "abc…");
});

Deno.test("briefList() shows the first things and counts the rest", () => {
  assertEquals(briefList([]), "");
  assertEquals(briefList(["a", "b"], { most: 2 }), "a, b");
  assertEquals(briefList(["a", "b", "c"], { most: 2 }), "a, b and 1 more");
  assertEquals(briefList(["a", "b"], { between: "; " }), "a; b");
});
