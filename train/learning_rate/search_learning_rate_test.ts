import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import type { Evaluation } from "../metrics/evaluate.ts";
import { f1 } from "../metrics/metrics.ts";
import { summarizeScores } from "../metrics/pixel_scores.ts";
import {
  searchLearningRate,
  type SearchLearningRateOptions,
} from "./search_learning_rate.ts";
import { hasLearned, type LearningRateTrial } from "./try_learning_rate.ts";

/** Of 100 object pixels and 300 others, so many are found, and none is wrong. */
function evaluationOf(found: number, loss: number): Evaluation {
  const counts = {
    ...{ truePositive: found, falseNegative: 100 - found },
    ...{ falsePositive: 0, trueNegative: 300 },
  };
  const scores = summarizeScores({ images: 1, counts, f1Sum: f1(counts) });
  return {
    loss,
    scores,
    counts,
    range: [-1, 1],
    headScores: {},
    ...{ classScores: {}, classShares: {}, sourceScores: {} },
  };
}

/** The trials that a search makes where rates lead to known evaluations. */
async function search(
  evaluate: (learningRate: number) => Evaluation | null,
  options: Partial<SearchLearningRateOptions> = {},
): Promise<{ tried: number[]; best: LearningRateTrial }> {
  const tried: number[] = [];
  const best = await searchLearningRate((learningRate) => {
    tried.push(learningRate);
    return Promise.resolve({
      learningRate,
      evaluation: evaluate(learningRate),
    });
  }, { first: 0.1, ...options });
  return { tried, best };
}

/** A landscape with one highest F1, where the loss is lowest. */
const peakAt = (peak: number) => (rate: number): Evaluation => {
  const decades = Math.abs(Math.log10(rate / peak));
  return evaluationOf(Math.max(0, 80 - 30 * decades), decades);
};

Deno.test("searchLearningRate() keeps a rate that is better than its neighbors", async () => {
  const { tried, best } = await search(peakAt(0.1));
  assertEquals(tried, [0.1, 0.033, 0.011, 0.3]);
  assertEquals(best.learningRate, 0.1);
});

Deno.test("searchLearningRate() climbs to the highest F1 on either side", async () => {
  const below = await search(peakAt(0.01));
  assertEquals(below.tried, [0.1, 0.033, 0.011, 0.0037, 0.0012]);
  assertEquals(below.best.learningRate, 0.011);
  const above = await search(peakAt(1));
  assertEquals(above.tried, [0.1, 0.033, 0.011, 0.3, 0.9, 2.7]);
  assertEquals(above.best.learningRate, 0.9);
});

Deno.test("searchLearningRate() finds the best of the rates it may try, wherever it lies", async () => {
  await fc.assert(fc.asyncProperty(
    fc.double({ min: -3, max: 1, noNaN: true }),
    fc.double({ min: 1.5, max: 10, noNaN: true }),
    async (decade, factor) => {
      const peak = 10 ** decade;
      const options = { factor, trials: 50 };
      const { best } = await search(peakAt(peak), {
        ...{ ...options, takesLowest: false },
      });
      // Half a step on a logarithmic scale, and rounding to two digits.
      const steps = Math.abs(Math.log(best.learningRate / peak)) /
        Math.log(factor);
      assert(steps <= 0.5 + 0.11 / Math.log(factor), `${steps}`);
      // The lowest good one is no higher, and about as good.
      const lowest = (await search(peakAt(peak), options)).best;
      const f1Of = ({ evaluation }: LearningRateTrial) => evaluation!.scores.f1;
      assert(lowest.learningRate <= best.learningRate);
      if (hasLearned(best)) assert(f1Of(lowest) >= f1Of(best) - 0.02);
    },
  ));
});

Deno.test("searchLearningRate() goes down from a rate that diverges, even through others", async () => {
  const { tried, best } = await search((rate) =>
    rate > 0.005 ? null : peakAt(0.004)(rate)
  );
  assertEquals(tried, [0.1, 0.033, 0.011, 0.0037, 0.0012, 0.00041]);
  assertEquals(best.learningRate, 0.0037);
});

Deno.test("searchLearningRate() is not stopped by one worse trial on the way down", async () => {
  const { tried, best } = await search((rate) =>
    rate === 0.033 ? evaluationOf(40, 1) : peakAt(0.01)(rate)
  );
  assertEquals(tried, [0.1, 0.033, 0.011, 0.0037, 0.0012]);
  assertEquals(best.learningRate, 0.011);
});

Deno.test("searchLearningRate() takes the lowest rate whose F1 is about the highest", async () => {
  const f1 = (found: number): number => evaluationOf(found, 1).scores.f1;
  assert(f1(50) - f1(49) < 0.02 && f1(50) - f1(46) > 0.02);
  // Three times the rate has the lower loss and a slightly higher F1.
  const { best } = await search((rate) =>
    evaluationOf(rate > 0.2 ? 50 : rate > 0.05 ? 49 : 30, Math.abs(rate - 0.3))
  );
  assertEquals(best.learningRate, 0.1);
  // From trained weights, the lowest one may change nothing.
  const tuned = await search((rate) =>
    evaluationOf(
      rate > 0.2 ? 50 : rate > 0.05 ? 49 : 30,
      Math.abs(rate - 0.3),
    ), { takesLowest: false });
  assertEquals(tuned.best.learningRate, 0.3);
  const clear = await search((rate) =>
    evaluationOf(rate > 0.2 ? 50 : rate > 0.05 ? 46 : 30, Math.abs(rate - 0.3))
  );
  assertEquals(clear.best.learningRate, 0.3);
});

Deno.test("searchLearningRate() does not take a network for better that answers the same everywhere", async () => {
  // Below the peak the loss falls, but no pixel is found.
  const { tried, best } = await search((rate) =>
    rate < 0.5 ? evaluationOf(0, 1 - rate) : evaluationOf(60, 2)
  );
  assertEquals(tried, [0.1, 0.033, 0.011, 0.3, 0.9, 2.7]);
  assertEquals([best.learningRate, hasLearned(best)], [0.9, true]);
});

Deno.test("searchLearningRate() follows the loss where nothing is learned, and says what it found", async () => {
  const { tried, best } = await search((rate) => evaluationOf(25, 1 + rate));
  assertEquals(tried, [0.1, 0.033, 0.011, 0.0037, 0.0012, 0.00041, 0.00014]);
  assertEquals([best.learningRate, hasLearned(best)], [0.00014, false]);
  const diverging = await search(() => null, { trials: 3 });
  assertEquals(diverging.tried, [0.1, 0.033, 0.011]);
  assertEquals(hasLearned(diverging.best), false);
});

Deno.test("searchLearningRate() makes no more trials than it may", async () => {
  for (const trials of [1, 2, 5]) {
    const { tried } = await search(peakAt(10), { trials });
    assertEquals(tried, [0.1, 0.033, 0.011, 0.3, 0.9].slice(0, trials));
  }
});

Deno.test("searchLearningRate() refuses options out of range", async () => {
  for (
    const [options, expected] of [
      [{ first: 0 }, '"first": found 0, expected a number above 0'],
      [{ factor: 1 }, '"factor": found 1, expected a number above 1'],
      [{ trials: 0.5 }, '"trials": found 0.5, expected a whole number from 1'],
    ] as const
  ) {
    await assertRejects(
      () => search(peakAt(1), options),
      RangeError,
      `Cannot use learning rate search setting ${expected}`,
    );
  }
});

Deno.test("hasLearned() asks for more than the F1 of marking every pixel", () => {
  const at = (found: number): boolean =>
    hasLearned({ learningRate: 0.1, evaluation: evaluationOf(found, 1) });
  // That is 2 · 0.25 / 1.25, as of a quarter of the objects and nothing else.
  assertEquals([0, 25, 26, 100].map(at), [false, false, true, true]);
});
