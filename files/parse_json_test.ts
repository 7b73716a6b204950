import { assertEquals, assertThrows } from "@std/assert";
import { checkJson, parseJson, repeatsName } from "./parse_json.ts";

const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);

Deno.test("parseJson() reads what JSON.parse() reads", () => {
  for (
    const text of [
      ...["null", "1e3", '"a\\"]["', '{"a":{"b":[1,2,{"c":"[[[["}]}}'],
      ...[`[${"1,".repeat(500)}1]`, ` {"${"x".repeat(500)}" : [ ] } `],
    ]
  ) assertEquals(parseJson(text), JSON.parse(text));
});

Deno.test("parseJson() refuses what is no JSON, and quotes nothing of it", () => {
  for (const text of ["", "{", "[1,]", "\x1b[2J", `["${"x".repeat(500)}`]) {
    const error = assertThrows(() => parseJson(text), SyntaxError);
    assertEquals(error.message, "text that is not JSON");
  }
});

Deno.test("parseJson() refuses lists and objects that lie too deep", () => {
  parseJson(nested(64));
  assertThrows(
    () => parseJson(nested(65)),
    SyntaxError,
    "JSON nested more than 64 deep",
  );
  parseJson(nested(3), { deepest: 3 });
  assertThrows(() => parseJson(nested(4), { deepest: 3 }), SyntaxError);
  const objects = `${'{"a":'.repeat(1e6)}1${"}".repeat(1e6)}`;
  assertThrows(() => parseJson(objects), SyntaxError, "deep");
});

Deno.test("parseJson() takes brackets in texts for text", () => {
  const text = JSON.stringify([`${"[".repeat(300)}\\"`, "\\", "]]]"]);
  assertEquals(parseJson(text), JSON.parse(text));
});

Deno.test("parseJson() refuses more values than a file of ours has", () => {
  const list = `[${"0,".repeat(99)}0]`;
  assertEquals((parseJson(list, { most: 101 }) as []).length, 100);
  assertThrows(
    () => parseJson(list, { most: 100 }),
    SyntaxError,
    "JSON of more than 100 values",
  );
  assertThrows(() => parseJson(`[${"{},".repeat(3e6)}0]`), SyntaxError);
});

Deno.test("checkJson() leaves to the parser whether it is JSON", () => {
  checkJson(`[${"NaN,".repeat(100)}Infinity]`);
  assertThrows(() => checkJson("[".repeat(200)), SyntaxError, "deep");
});

Deno.test("repeatsName() finds a name that is given twice in one object, escaped too", () => {
  for (
    const [text, expected] of [
      ['{"a":1,"a":1}', true],
      ['{"a":1,"\\u0061":2}', true],
      ['[{"x":{"b":[],"b":{"c":1}}}]', true],
      ['{"__proto__":1,"__proto__":2}', true],
      ['{"a":{"a":1},"b":[{"a":1},{"a":1}]}', false],
      ['{"a:\\"":":","\\\\":"\\\\"}', false],
      ['{"__proto__":1,"toJSON":2}', false],
      ["[1, 2]", false],
    ] as const
  ) assertEquals(repeatsName(text, parseJson(text)), expected, text);
});
