import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { parsePythonJson, Real, writePythonJson } from "./_python_json.ts";

Deno.test("parsePythonJson() reads the numbers that Python writes", () => {
  assertEquals(
    parsePythonJson('[NaN, Infinity,-Infinity, 1e-05, -0.0, {"a":NaN}]'),
    [NaN, Infinity, -Infinity, 1e-5, -0, { a: NaN }],
  );
  assert(Number.isNaN(parsePythonJson("NaN")));
  assertEquals(parsePythonJson(" -Infinity "), -Infinity);
});

Deno.test("parsePythonJson() leaves texts alone that look like numbers", () => {
  const value = {
    "NaN": ["Infinity", 'a NaN, "NaN" b', "\\", "-Infinity]"],
    '\\"NaN': "[NaN, -0e-999]",
  };
  const text = JSON.stringify({ value, number: [0] }).replace("0]", "NaN]");
  assertEquals(parsePythonJson(text), { value, number: [NaN] });
});

for (
  const text of [
    "",
    "{",
    "[NaN",
    "nan",
    "-NaN",
    "+Infinity",
    "1Infinity",
    "NaNNaN",
    "Infinity1",
    "[1NaN]",
    "NaN:1",
    "{NaN:1}",
    "{'a':NaN}",
    "[NaN,]",
    '["\n", NaN]',
    "NaN // so it is",
  ]
) {
  Deno.test(`parsePythonJson() refuses ${JSON.stringify(text)}`, () => {
    assertThrows(() => parsePythonJson(text), SyntaxError);
  });
}

Deno.test("writePythonJson() writes what Python's json writes", () => {
  // Made by json.dumps(value, separators=(",", ":")) and json.dumps(value).
  const value = {
    "é\u007f\ud83d\ude00": [1, new Real(1), new Real(0.1), new Real(-0)],
    'a"\\\n': [NaN, Infinity, -Infinity, null, true, "", {}, []],
  };
  assertEquals(
    writePythonJson(value),
    '{"\\u00e9\\u007f\\ud83d\\ude00":[1,1.0,0.1,-0.0],' +
      '"a\\"\\\\\\n":[NaN,Infinity,-Infinity,null,true,"",{},[]]}',
  );
  assertEquals(
    writePythonJson([1e-4, 1.5e-5, 2e-7, 1e15, 1e16, 1.25e22, 5e-324, 1e21]),
    "[0.0001,1.5e-05,2e-07,1000000000000000,10000000000000000,1.25e+22,5e-324,1e+21]",
  );
  assertEquals(
    writePythonJson([1e-5, 1e15, 1e16, -123456].map((it) => new Real(it))),
    "[1e-05,1000000000000000.0,1e+16,-123456.0]",
  );
  assertEquals(
    writePythonJson({ a: [1, 2], b: null }, "spaced"),
    '{"a": [1, 2], "b": null}',
  );
});

Deno.test("writePythonJson() is read back as it was, whatever JSON and numbers", () => {
  fc.assert(fc.property(
    fc.jsonValue(),
    fc.array(fc.double()),
    fc.string({ unit: "binary" }),
    (value, numbers, text) => {
      const all = [value, numbers, text];
      assertEquals(parsePythonJson(writePythonJson(all)), all);
      const reals = numbers.map((number) => new Real(number));
      assertEquals(parsePythonJson(writePythonJson(reals, "spaced")), numbers);
    },
  ));
});

Deno.test("writePythonJson() refuses what JSON does not have", () => {
  const self: unknown[] = [];
  self.push([self]);
  for (
    const [value, got] of [
      [undefined, "a undefined"],
      [{ a: undefined }, "a undefined"],
      [[() => 1], "a function"],
      [1n, "a bigint"],
      [Symbol("a"), "a symbol"],
      [new Date(), "a Date"],
      [new Map(), "a Map"],
      [self, "one that holds itself"],
    ] as const
  ) {
    assertThrows(
      () => writePythonJson(value),
      TypeError,
      `Expected a value of JSON, got ${got}`,
    );
  }
});
