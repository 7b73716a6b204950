import { assertThrows } from "@std/assert";
import fc from "fast-check";
import { checkSpace } from "./check_space.ts";
import { anySpace } from "./fixtures/any_space.ts";
import type { Distribution } from "../distribution.ts";

const float = {
  kind: "float",
  low: 1,
  high: 2,
  log: false,
  step: null,
} as const;
const int = { kind: "int", low: 1, high: 8, log: false, step: 1 } as const;

/** Invalid distributions, and what is said of them. */
const refused: [Distribution, string][] = [
  [{ ...float, low: NaN }, "found low NaN, expected a finite number"],
  [
    { ...float, high: Infinity },
    "found high Infinity, expected a finite number",
  ],
  [{ ...float, low: 3 }, "found low 3 and high 2, expected low first"],
  [
    { ...float, low: -1e308, high: 1e308 },
    "found low -1e+308 and high 1e+308, expected a finite distance",
  ],
  [{ ...float, step: 0 }, "found step 0, expected a finite number above 0"],
  [{ ...float, step: NaN }, "found step NaN, expected a finite number above 0"],
  [
    { ...float, low: 0, log: true },
    "found low 0, expected more than 0 with log",
  ],
  [
    { ...float, step: 0.1, log: true },
    "found step 0.1, expected none with log",
  ],
  [{ ...int, low: 0.5 }, "found low 0.5, expected a whole number"],
  [{ ...int, high: 2 ** 60 }, `found high ${2 ** 60}, expected a whole number`],
  [{ ...int, step: 1.5 }, "found step 1.5, expected a whole number above 0"],
  [
    { ...int, low: -4, log: true },
    "found low -4, expected more than 0 with log",
  ],
  [{ ...int, step: 2, log: true }, "found step 2, expected 1 with log"],
  [
    { kind: "categorical", choices: [] },
    "found no choices, expected one or more",
  ],
  [
    { kind: "categorical", choices: ["a", "b", "a"] },
    'found choice "a" twice, expected each choice once',
  ],
  [
    { kind: "normal" } as unknown as Distribution,
    'found kind "normal", expected float, int or categorical',
  ],
];

for (const [distribution, message] of refused) {
  Deno.test(`checkSpace() refuses what is ${message}`, () => {
    assertThrows(
      () => checkSpace({ fine: float, x: distribution }),
      RangeError,
      `Cannot sample parameter "x": ${message}`,
    );
  });
}

Deno.test("checkSpace() accepts every space that is allowed", () => {
  fc.assert(fc.property(anySpace, checkSpace));
});
