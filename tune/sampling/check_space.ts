import { brief, cannot } from "@unet/errors";
import type { Distribution, Space } from "../distribution.ts";

/**
 * Checks that every parameter of a space has values, under the rules of Optuna's
 * distributions.
 *
 * @throws {RangeError} At the first parameter that has not; the message names
 * it.
 *
 * @example
 * ```ts
 * import { checkSpace } from "@unet/tune/sampling";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(
 *   () => checkSpace({
 *     rate: { kind: "float", low: 0, high: 1, log: true, step: null },
 *   }),
 *   RangeError,
 *   'Cannot sample parameter "rate": found low 0, expected more than 0 with log',
 * );
 * ```
 */
export function checkSpace(space: Space): void {
  for (const [name, distribution] of Object.entries(space)) {
    const fault = faultOf(distribution);
    if (fault === null) continue;
    const [found, expected] = fault;
    throw new RangeError(
      cannot("sample", "parameter", name, { found, expected }),
    );
  }
}

/** What is found and what is expected, or null. */
function faultOf(distribution: Distribution): [string, string] | null {
  switch (distribution.kind) {
    case "categorical": {
      const { choices } = distribution;
      if (choices.length === 0) return ["no choices", "one or more"];
      const twice = choices.find((choice, at) => choices.indexOf(choice) < at);
      return twice === undefined
        ? null
        : [`choice ${brief(twice)} twice`, "each choice once"];
    }
    case "float":
    case "int": {
      const { kind, low, high, log, step } = distribution;
      const isRight = kind === "int" ? Number.isSafeInteger : Number.isFinite;
      const number = kind === "int" ? "a whole number" : "a finite number";
      if (!isRight(low)) return [`low ${low}`, number];
      if (!isRight(high)) return [`high ${high}`, number];
      if (low > high) return [`low ${low} and high ${high}`, "low first"];
      if (!Number.isFinite(high - low)) {
        return [`low ${low} and high ${high}`, "a finite distance"];
      }
      if (step !== null && !(isRight(step) && step > 0)) {
        return [`step ${step}`, `${number} above 0`];
      }
      if (!log) return null;
      if (low <= 0) return [`low ${low}`, "more than 0 with log"];
      if (step === (kind === "int" ? 1 : null)) return null;
      return [`step ${step}`, `${kind === "int" ? 1 : "none"} with log`];
    }
    default: {
      const { kind } = distribution as { kind: unknown };
      return [`kind ${brief(kind)}`, "float, int or categorical"];
    }
  }
}
