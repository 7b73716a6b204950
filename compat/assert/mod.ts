/**
 * Stand-in for the part of `@std/assert` that this workspace uses, on
 * `node:assert`. Linked only where the JSR registry cannot be reached.
 *
 * Stricter than the real one in two ways: 0 and -0 differ, and so do objects
 * of different prototypes, such as null and `Object`.
 *
 * @module
 */
import nodeAssert, { AssertionError } from "node:assert";
import { isDeepStrictEqual } from "node:util";

export { AssertionError };

// deno-lint-ignore no-explicit-any
type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;

/** Throws with `message`. */
export function fail(message = "Failed assertion"): never {
  throw new AssertionError({ message });
}

/** Asserts that `expression` is truthy. */
export function assert(
  expression: unknown,
  message = "Expected a truthy value",
): asserts expression {
  if (!expression) fail(message);
}

/** Asserts that a value is false. */
export function assertFalse(expression: unknown, message?: string): void {
  if (expression) fail(message ?? "Expected a falsy value");
}

/** Asserts deep equality. */
export function assertEquals<T>(
  actual: T,
  expected: T,
  message?: string,
): void {
  if (message === undefined) nodeAssert.deepStrictEqual(actual, expected);
  else nodeAssert.deepStrictEqual(actual, expected, message);
}

/** Asserts that two values differ, deeply. */
export function assertNotEquals<T>(
  actual: T,
  expected: T,
  message?: string,
): void {
  if (isDeepStrictEqual(actual, expected)) {
    fail(message ?? "Expected the values to differ");
  }
}

/** Asserts identity (`Object.is`). */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  message?: string,
): asserts actual is T {
  if (message === undefined) nodeAssert.strictEqual(actual, expected);
  else nodeAssert.strictEqual(actual, expected, message);
}

/** Asserts that two numbers differ by at most `tolerance`. */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  message?: string,
): void {
  const bound = tolerance ??
    (Number.isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7);
  if (Object.is(actual, expected)) return;
  if (!(Math.abs(expected - actual) <= bound)) {
    fail(message ?? `Expected ${actual} to be within ${bound} of ${expected}`);
  }
}

/** Asserts `actual > expected`. */
export function assertGreater<T>(
  actual: T,
  expected: T,
  message?: string,
): void {
  if (!(actual > expected)) {
    fail(message ?? `Expected ${actual} > ${expected}`);
  }
}

/** Asserts `actual >= expected`. */
export function assertGreaterOrEqual<T>(
  actual: T,
  expected: T,
  message?: string,
): void {
  if (!(actual >= expected)) {
    fail(message ?? `Expected ${actual} >= ${expected}`);
  }
}

/** Asserts `actual < expected`. */
export function assertLess<T>(actual: T, expected: T, message?: string): void {
  if (!(actual < expected)) {
    fail(message ?? `Expected ${actual} < ${expected}`);
  }
}

/** Asserts `actual <= expected`. */
export function assertLessOrEqual<T>(
  actual: T,
  expected: T,
  message?: string,
): void {
  if (!(actual <= expected)) {
    fail(message ?? `Expected ${actual} <= ${expected}`);
  }
}

/** Asserts that a value is neither null nor undefined. */
export function assertExists<T>(
  actual: T,
  message?: string,
): asserts actual is NonNullable<T> {
  if (actual === null || actual === undefined) {
    fail(message ?? `Expected a value, found ${actual}`);
  }
}

/** Asserts that a value is an instance of a class. */
export function assertInstanceOf<T>(
  actual: unknown,
  // deno-lint-ignore no-explicit-any
  expected: abstract new (...args: any[]) => T,
  message?: string,
): asserts actual is T {
  if (!(actual instanceof expected)) {
    fail(message ?? `Expected an instance of ${expected.name}`);
  }
}

/** Asserts that a string holds another. */
export function assertStringIncludes(
  actual: string,
  expected: string,
  message?: string,
): void {
  if (!actual.includes(expected)) {
    fail(message ?? `Expected "${actual}" to include "${expected}"`);
  }
}

/** Asserts that a string matches a pattern. */
export function assertMatch(
  actual: string,
  expected: RegExp,
  message?: string,
): void {
  if (!expected.test(actual)) {
    fail(message ?? `Expected "${actual}" to match ${expected}`);
  }
}

/** Asserts that a function throws, and returns what it threw. */
export function assertThrows(fn: () => unknown, message?: string): unknown;
/** Asserts that a function throws an error of a class, and returns it. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  errorClass: ErrorClass<E>,
  includes?: string,
  message?: string,
): E;
export function assertThrows(
  fn: () => unknown,
  errorClassOrMessage?: ErrorClass<Error> | string,
  includes?: string,
  message?: string,
): unknown {
  try {
    fn();
  } catch (error) {
    return checkError(error, errorClassOrMessage, includes, message);
  }
  fail(
    describe("Expected the function to throw", errorClassOrMessage, message),
  );
}

/** Asserts that a promise rejects, and returns the reason. */
export function assertRejects(
  fn: () => PromiseLike<unknown>,
  message?: string,
): Promise<unknown>;
/** Asserts that a promise rejects with an error of a class, and returns it. */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  errorClass: ErrorClass<E>,
  includes?: string,
  message?: string,
): Promise<E>;
export async function assertRejects(
  fn: () => PromiseLike<unknown>,
  errorClassOrMessage?: ErrorClass<Error> | string,
  includes?: string,
  message?: string,
): Promise<unknown> {
  let promise: PromiseLike<unknown>;
  try {
    promise = fn();
  } catch (error) {
    fail(`Expected a promise that rejects, but the function threw: ${error}`);
  }
  try {
    await promise;
  } catch (error) {
    return checkError(error, errorClassOrMessage, includes, message);
  }
  fail(
    describe("Expected the promise to reject", errorClassOrMessage, message),
  );
}

function checkError(
  error: unknown,
  errorClassOrMessage?: ErrorClass<Error> | string,
  includes?: string,
  message?: string,
): unknown {
  // Without a class anything may be thrown.
  if (typeof errorClassOrMessage !== "function") return error;
  const suffix = message === undefined ? "" : `: ${message}`;
  if (!(error instanceof Error)) {
    fail(`Expected an Error, found ${error}${suffix}`);
  }
  const found = `${error.name}: ${error.message}`;
  if (!(error instanceof errorClassOrMessage)) {
    fail(`Expected ${errorClassOrMessage.name}, found ${found}${suffix}`);
  }
  if (includes !== undefined && !error.message.includes(includes)) {
    fail(`Expected "${error.message}" to include "${includes}"${suffix}`);
  }
  return error;
}

function describe(
  what: string,
  errorClassOrMessage?: ErrorClass<Error> | string,
  message?: string,
): string {
  const text = typeof errorClassOrMessage === "string"
    ? errorClassOrMessage
    : message;
  return text === undefined ? what : `${what}: ${text}`;
}
