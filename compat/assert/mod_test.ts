import { strict as node } from "node:assert";
import {
  assertAlmostEquals,
  assertEquals,
  assertExists,
  AssertionError,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "./mod.ts";

function fails(check: () => unknown, text: RegExp = /./): void {
  node.throws(
    check,
    (error) => error instanceof AssertionError && text.test(error.message),
  );
}

Deno.test("assertEquals() compares deeply, NaN with NaN, and distinguishes types", () => {
  assertEquals({ a: [1, NaN, new Map([[1, "x"]])] }, {
    a: [1, NaN, new Map([[1, "x"]])],
  });
  assertEquals(new Float32Array([1, NaN]), new Float32Array([1, NaN]));
  fails(() => assertEquals<unknown>([1], new Float32Array([1])));
  fails(() => assertEquals<unknown>({ a: undefined }, {}));
  fails(() => assertEquals(new Float32Array([1]), new Float32Array([2])));
});

Deno.test("assertNotEquals() fails on deeply equal values alone", () => {
  assertNotEquals([1], [2]);
  fails(() => assertNotEquals([1], [1]));
});

Deno.test("assertAlmostEquals() allows a ten-millionth of what is expected", () => {
  assertAlmostEquals(1e6 + 0.09, 1e6);
  fails(() => assertAlmostEquals(1e6 + 0.11, 1e6));
  assertAlmostEquals(1.1, 1, 0.11);
  fails(() => assertAlmostEquals(1.1, 1, 0.09));
  assertAlmostEquals(NaN, NaN);
  fails(() => assertAlmostEquals(NaN, 1, 1));
  fails(() => assertAlmostEquals(1, NaN, 1));
  fails(() => assertAlmostEquals(Infinity, 1, 1));
});

Deno.test("assertExists() takes 0 and empty text, but neither null nor undefined", () => {
  assertExists(0);
  assertExists("");
  fails(() => assertExists(null));
  fails(() => assertExists(undefined));
});

Deno.test("assertThrows() returns what was thrown if class and text agree", () => {
  const boom = (): never => {
    throw new RangeError("boom");
  };
  node.equal(assertThrows(boom, RangeError, "oo").message, "boom");
  node.equal(assertThrows(boom, Error).message, "boom");
  fails(() => assertThrows(boom, TypeError), /TypeError, found RangeError/);
  fails(() => assertThrows(boom, RangeError, "bang"), /"boom" to include/);
  fails(() => assertThrows(() => 1), /to throw/);
});

Deno.test("assertThrows() takes anything thrown if no class is asked for", () => {
  const text = (): never => {
    // deno-lint-ignore no-throw-literal
    throw "text";
  };
  node.equal(assertThrows(text), "text");
  fails(() => assertThrows(text, Error));
});

Deno.test("assertRejects() returns the reason if class and text agree", async () => {
  const boom = () => Promise.reject(new RangeError("boom"));
  node.equal((await assertRejects(boom, RangeError, "oo")).message, "boom");
  await node.rejects(assertRejects(boom, TypeError), AssertionError);
  await node.rejects(assertRejects(boom, RangeError, "x"), AssertionError);
  await node.rejects(
    assertRejects(() => Promise.resolve()),
    /Expected the promise to reject/,
  );
});

Deno.test("assertRejects() fails on a function that throws before its promise", async () => {
  const early = (): Promise<void> => {
    throw new Error("early");
  };
  await node.rejects(assertRejects(early), /the function threw: Error: early/);
});
