import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { createRandom } from "@unet/random";
import {
  type Costs,
  fitCosts,
  hiddenShare,
  type MeasuredWork,
  messagesOf,
  predictSeconds,
  trafficOf,
  type Work,
} from "./cost_model.ts";

const costs: Costs = {
  perTile: { 0.25: 0.07, 1: 0.7 },
  perStep: { 0.25: 0.02, 1: 0.2 },
  ...{ perByte: 1e-9, latency: 2e-4, efficiency: 0.9 },
};

/** Ranks, tiles, widths and links of all kinds; tiles 0 are sums alone. */
const works: Work[] = [1, 2, 4].flatMap((ranks) =>
  [0, 1, 4].flatMap((tiles) =>
    [[0.25, 14e6], [1, 220e6]].flatMap(([width = 1, bytes = 0]) =>
      (ranks === 1 ? [Infinity] : [1e8, 1e9, 1e10]).map((bitsPerSecond) => (
        { ranks, tiles, width, bytes, bitsPerSecond }
      ))
    )
  )
).filter(({ ranks, tiles }) => ranks > 1 || tiles > 0);

Deno.test("fitCosts() finds the costs that times were made with", () => {
  const found = fitCosts(
    works.map((work) => ({ ...work, seconds: predictSeconds(costs, work) })),
  );
  for (const width of [0.25, 1]) {
    assertAlmostEquals(found.perTile[width]!, costs.perTile[width]!, 1e-9);
    assertAlmostEquals(found.perStep[width]!, costs.perStep[width]!, 1e-9);
  }
  assertAlmostEquals(found.perByte / costs.perByte, 1, 1e-6);
  assertAlmostEquals(found.latency / costs.latency, 1, 1e-6);
  assertAlmostEquals(found.efficiency, costs.efficiency, 1e-6);
});

Deno.test("fitCosts() predicts times that it has not seen, through noise of 3 %", () => {
  const random = createRandom(5);
  const noisy = works.map((work): MeasuredWork => ({
    ...work,
    seconds: predictSeconds(costs, work) * (1 + 0.06 * (random.next() - 0.5)),
  }));
  const found = fitCosts(noisy.filter((_, i) => i % 3 > 0));
  for (const work of works.filter((_, i) => i % 3 === 0)) {
    const wanted = predictSeconds(costs, work);
    const error = Math.abs(predictSeconds(found, work) / wanted - 1);
    assert(error < 0.06, `${JSON.stringify(work)}: ${error}`);
  }
});

Deno.test("fitCosts() gives no cost below 0, and refuses measurements that leave one open", () => {
  const sums = works.filter(({ tiles }) => tiles === 0);
  const measured = [
    ...works.filter(({ ranks }) => ranks === 1),
    ...sums,
  ].map((work) => ({
    ...work,
    // As if large sums were faster per byte than the link.
    seconds: predictSeconds({ ...costs, perByte: 0, latency: 0 }, work) *
      (work.bytes > 1e8 ? 0.9 : 1),
  }));
  const found = fitCosts(measured);
  assert(found.perByte >= 0 && found.latency >= 0);
  const one = works.filter(({ tiles, width }) => tiles === 4 && width === 1);
  assertThrows(
    () => fitCosts(one.map((work) => ({ ...work, seconds: 1 }))),
    RangeError,
    "do not settle",
  );
});

Deno.test("predictSeconds() hides the network behind tiles, and no more of it than there is", () => {
  const work: Work = {
    ...{ ranks: 2, tiles: 4, width: 0.25, bytes: 14e6, bitsPerSecond: 1e9 },
  };
  const after = predictSeconds(costs, work);
  const network = 8 * 14e6 / 1e9 / 0.9 + messagesOf(work) * costs.latency;
  assertAlmostEquals(predictSeconds(costs, work, 0.1), after - 0.1 * 4 * 0.07);
  assertAlmostEquals(predictSeconds(costs, work, 1), after - network);
});

Deno.test("predictSeconds() refuses a width that was not measured", () => {
  const [work] = works;
  assertThrows(
    () => predictSeconds(costs, { ...work!, tiles: 1, width: 0.5 }),
    RangeError,
    "No step was measured at width 0.5",
  );
});

Deno.test("messagesOf() counts rounds of halving and doubling, and those of three small sums in a step", () => {
  const of = (ranks: number, tiles: number) =>
    messagesOf({ ranks, tiles, width: 1, bytes: 1, bitsPerSecond: 1 });
  assertEquals([of(1, 4), of(2, 0), of(8, 0), of(8, 1)], [0, 2, 6, 15]);
});

Deno.test("trafficOf() is below 2 for powers of two, and more for other numbers of ranks", () => {
  assertEquals([1, 2, 4, 64].map(trafficOf), [0, 1, 1.5, 1.96875]);
  assertEquals([3, 5].map(trafficOf), [3, 3.5]);
});

Deno.test("hiddenShare() finds how much of the network a step has hidden", () => {
  const work: Work = {
    ...{ ranks: 2, tiles: 4, width: 0.25, bytes: 14e6, bitsPerSecond: 1e8 },
  };
  const seconds = predictSeconds(costs, work, 0.4);
  assertAlmostEquals(hiddenShare(costs, { ...work, seconds }), 0.4);
  assertEquals(hiddenShare(costs, { ...work, seconds: 99 }), 0);
});
