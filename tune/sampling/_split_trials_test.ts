import { assertEquals } from "@std/assert";
import { readFixture, trialsFrom } from "./fixtures/read_fixture.ts";
import { goodCount, splitTrials } from "./_split_trials.ts";

Deno.test("goodCount() equals Optuna's gamma", () => {
  for (const { count, good } of readFixture("weights.json")) {
    assertEquals(goodCount(count), good);
  }
});

Deno.test("splitTrials() splits as Optuna does: complete, pruned, running trials of both directions", () => {
  for (const row of readFixture("tpe.json")) {
    const trials = trialsFrom(row.trials, row.space)
      .filter(({ state }) => state !== "failed");
    const { good, bad } = splitTrials(trials, row.direction);
    assertEquals(good.map(({ number }) => number), row.good);
    assertEquals(bad.map(({ number }) => number), row.bad);
  }
});
