import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { readFixture } from "./fixtures/read_fixture.ts";
import { logNormalMass, truncatedQuantile } from "./_truncated_normal.ts";

const [{ truncated }] = readFixture("normal.json");

Deno.test("logNormalMass() equals what SciPy's truncnorm divides by", () => {
  for (const { a, b, logMass } of truncated) {
    const found = logNormalMass(a, b);
    assert(
      Math.abs(found - logMass) < 1e-9 * Math.max(1, Math.abs(logMass)),
      `[${a}, ${b}]: found ${found}, expected ${logMass}`,
    );
  }
});

Deno.test("logNormalMass() of adjacent intervals adds up, however narrow they are", () => {
  for (const center of [-12, -1, 0, 0.4, 7]) {
    for (const width of [1, 1e-2, 3e-6, 1e-9]) {
      const left = logNormalMass(center - width, center);
      const right = logNormalMass(center, center + width);
      const both = logNormalMass(center - width, center + width);
      const sum = Math.exp(left - both) + Math.exp(right - both);
      assert(Math.abs(sum - 1) < 1e-8, `${center} ± ${width}: ${sum}`);
    }
  }
  assertEquals(logNormalMass(1, 1), -Infinity);
});

Deno.test("truncatedQuantile() equals SciPy's truncnorm.ppf", () => {
  for (const { a, b, quantiles } of truncated) {
    for (const [part, expected] of quantiles) {
      const found = truncatedQuantile(part, a, b);
      assert(
        Math.abs(found - expected) < 1e-8 * Math.max(1, Math.abs(expected)),
        `${part} of [${a}, ${b}]: found ${found}, expected ${expected}`,
      );
    }
  }
});

Deno.test("truncatedQuantile() stays within its ends and rises", () => {
  const place = fc.double({ min: -50, max: 50, noNaN: true });
  const part = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(fc.property(place, place, part, part, (c, d, p, q) => {
    fc.pre(c !== d && p !== q);
    const [a, b] = c < d ? [c, d] : [d, c];
    const [low, high] = [Math.min(p, q), Math.max(p, q)]
      .map((part) => truncatedQuantile(part, a, b)) as [number, number];
    assert(a <= low && low <= high + 1e-9 && high <= b);
  }));
});
