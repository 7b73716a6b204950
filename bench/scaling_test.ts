import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { Costs } from "./cost_model.ts";
import { networks, nodeCounts, rates, speedup } from "./scaling.ts";
import { scalingChart } from "./scaling_chart.ts";

const costs: Costs = {
  perTile: { 0.25: 0.06, 1: 0.7 },
  perStep: { 0.25: 0.1, 1: 0.5 },
  ...{ perByte: 1e-9, latency: 1e-4, efficiency: 0.9 },
};

Deno.test("speedup() is 1 for one node, below the number of nodes, and grows with the rate", () => {
  for (const network of networks) {
    const of = (nodes: number, rate: number) =>
      speedup(costs, { ...network, nodes, rate });
    assertEquals(of(1, 1), 1);
    for (const nodes of nodeCounts) {
      const found = rates.map((rate) => of(nodes, rate));
      assertEquals(found.toSorted((a, b) => a - b), found);
      assert(found.every((times) => times > 0 && times < nodes), `${found}`);
    }
  }
});

Deno.test("speedup() is the number of nodes where only tiles cost", () => {
  const free = { ...costs, perStep: { 1: 0 }, perByte: 0, latency: 0 };
  const cluster = { width: 1, bytes: 0, rate: 1, nodes: 16 };
  assertAlmostEquals(speedup(free, cluster), 16);
});

Deno.test("scalingChart() draws a line per rate and width, and no number that is not finite", () => {
  const chart = scalingChart(costs);
  const lines = chart.match(/<polyline/g) ?? [];
  assertEquals(lines.length, networks.length * rates.length);
  assert(!/NaN|Infinity|undefined/.test(chart));
});
