import { assert, assertEquals } from "@std/assert";
import { readFixture } from "./fixtures/read_fixture.ts";
import {
  logNormalCdf,
  logNormalQuantile,
  normalCdf,
} from "./_log_normal_cdf.ts";

const [{ cumulative, inverse }] = readFixture("normal.json");

function assertNear(found: number, expected: number, tolerance: number) {
  const difference = Math.abs(found - expected);
  assert(
    // SciPy gives 0 where there is yet a denormal.
    difference <= tolerance * Math.abs(expected) + 1e-300,
    `Found ${found}, expected ${expected}`,
  );
}

Deno.test("logNormalCdf() equals SciPy's log_ndtr, far tails included", () => {
  for (const [x, expected] of cumulative) {
    assertNear(logNormalCdf(x), expected, 1e-13);
    if (expected > -700) assertNear(normalCdf(x), Math.exp(expected), 1e-12);
  }
  assertEquals(logNormalCdf(-Infinity), -Infinity);
  assertEquals(logNormalCdf(Infinity), -0);
});

Deno.test("logNormalQuantile() equals SciPy's ndtri_exp", () => {
  for (const [target, expected] of inverse) {
    assertNear(logNormalQuantile(target), expected, 1e-10);
  }
  assertEquals(logNormalQuantile(0), Infinity);
  assertEquals(logNormalQuantile(-Infinity), -Infinity);
});

Deno.test("logNormalQuantile() undoes logNormalCdf()", () => {
  for (let x = -45; x < 5; x += 0.37) {
    assertNear(logNormalQuantile(logNormalCdf(x)), x, 1e-8);
  }
});
