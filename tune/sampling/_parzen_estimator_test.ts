import { assert, assertEquals } from "@std/assert";
import { createRandom } from "@unet/random";
import { readFixture } from "./fixtures/read_fixture.ts";
import {
  drawPoint,
  logDensity,
  parzenEstimator,
  weightsOf,
} from "./_parzen_estimator.ts";

for (
  const { name, space, observations, points, logDensities } of readFixture(
    "parzen.json",
  )
) {
  Deno.test(`parzenEstimator() has Optuna's densities: ${name}`, () => {
    const estimator = parzenEstimator(observations, space);
    logDensities.forEach((expected: number, at: number) => {
      const point = Object.keys(space).map((key) => points[key][at]);
      const found = logDensity(estimator, point);
      assert(
        Math.abs(found - expected) < 1e-6 * Math.max(1, Math.abs(expected)),
        `Found ${found}, expected ${expected} at ${point}`,
      );
    });
  });
}

Deno.test("weightsOf() equals Optuna's weights", () => {
  for (const { count, weights } of readFixture("weights.json")) {
    if (weights === undefined) continue;
    const found = weightsOf(count);
    assertEquals(found.length, weights.length);
    weights.forEach((weight: number, at: number) =>
      assert(Math.abs(found[at]! - weight) < 1e-15)
    );
  }
});

Deno.test("drawPoint() draws as often as the density says", () => {
  const space = {
    n: { kind: "int", low: 1, high: 9, log: true, step: 1 },
    c: { kind: "categorical", choices: ["a", "b", "c"] },
  } as const;
  const estimator = parzenEstimator({ n: [2, 2, 7], c: [0, 1, 0] }, space);
  const draws = 20_000;
  const counts = new Map<string, number>();
  const random = createRandom(3);
  for (let draw = 0; draw < draws; draw++) {
    const key = drawPoint(estimator, random).join();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  let whole = 0;
  for (let n = 1; n <= 9; n++) {
    for (let c = 0; c < 3; c++) {
      const probability = Math.exp(logDensity(estimator, [n, c]));
      whole += probability;
      const found = (counts.get(`${n},${c}`) ?? 0) / draws;
      const deviation = Math.sqrt(probability * (1 - probability) / draws);
      assert(Math.abs(found - probability) < 5 * deviation, `${n}, ${c}`);
    }
  }
  assert(Math.abs(whole - 1) < 1e-9);
});

Deno.test("logDensity() is minus infinity outside the range, and a number in its farthest corner", () => {
  const space = {
    x: { kind: "float", low: 0, high: 1e12, log: false, step: null },
    n: { kind: "int", low: 0, high: 1e15, log: false, step: 1 },
  } as const;
  const estimator = parzenEstimator({ x: [0, 1, 2], n: [0, 1, 2] }, space);
  assertEquals(logDensity(estimator, [-1, 0]), -Infinity);
  for (const point of [[0, 0], [1e12, 0], [1e12, 1e15]]) {
    assert(Number.isFinite(logDensity(estimator, point)), `${point}`);
  }
});
