import type { Choice, Distribution } from "../distribution.ts";

/**
 * The number that a journal keeps for a parameter's value: a categorical's is
 * the place of the choice.
 *
 * @throws {TypeError} If a number is expected and the value is none.
 * @throws {RangeError} If it is not among the choices, NaN, a fraction of a
 * whole number, or not positive on a logarithmic scale.
 */
export function toInternal(
  name: string,
  distribution: Distribution,
  value: Choice,
): number {
  if (distribution.kind === "categorical") {
    const index = distribution.choices.findIndex((choice) =>
      Object.is(choice, value) || choice === value
    );
    if (index < 0) {
      throw new RangeError(
        `Expected one of the choices of "${name}", got ${String(value)}`,
      );
    }
    return index;
  }
  if (typeof value !== "number") {
    throw new TypeError(`Expected a number as "${name}", got ${String(value)}`);
  }
  if (
    Number.isNaN(value) || (distribution.log && value <= 0) ||
    (distribution.kind === "int" && !Number.isInteger(value))
  ) {
    throw new RangeError(
      `Expected a ${distribution.log ? "positive " : ""}${
        distribution.kind === "int" ? "whole number" : "number"
      } as "${name}", got ${value}`,
    );
  }
  return value;
}

/**
 * The value that a journal's number stands for.
 *
 * @throws {SyntaxError} If there is no such choice, or no such whole number.
 */
export function toExternal(distribution: Distribution, value: number): Choice {
  if (distribution.kind === "float") return value;
  const whole = Math.trunc(value);
  if (!Number.isFinite(whole)) {
    throw new SyntaxError(`${value} as a whole number`);
  }
  if (distribution.kind === "int") return whole;
  const choice = distribution.choices.at(whole);
  if (choice === undefined) {
    throw new SyntaxError(
      `choice ${value} of ${distribution.choices.length}`,
    );
  }
  return choice;
}
