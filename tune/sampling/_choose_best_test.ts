import { assert } from "@std/assert";
import { estimate } from "./_choose_best.ts";
import { readFixture, trialsFrom } from "./fixtures/read_fixture.ts";
import { numberOf } from "./_params_of.ts";
import { logDensity } from "./_parzen_estimator.ts";
import { splitTrials } from "./_split_trials.ts";

Deno.test("estimate() rates points by Optuna's ratio of densities, together and each parameter alone", () => {
  for (const row of readFixture("tpe.json")) {
    const trials = trialsFrom(row.trials, row.space)
      .filter(({ state }) => state !== "failed");
    const { good, bad } = splitTrials(trials, row.direction);
    for (const [names, ratios] of Object.entries<number[]>(row.ratios)) {
      const space = Object.fromEntries(
        names.split(" ").map((name) => [name, row.space[name]]),
      );
      const near = estimate(good, space), far = estimate(bad, space);
      row.points.forEach((params: Record<string, string>, at: number) => {
        const point = Object.keys(space).map((name) =>
          numberOf(params[name], space[name])!
        );
        const found = logDensity(near, point) - logDensity(far, point);
        assert(
          Math.abs(found - ratios[at]!) < 1e-8 * Math.max(1, Math.abs(found)),
          `${names}: found ${found}, expected ${ratios[at]}`,
        );
      });
    }
  }
});
