import { assertEquals, assertStringIncludes } from "@std/assert";
import { clusterText } from "./cluster_text.ts";
import type { ClusterWork } from "./cluster_works.ts";
import type { Costs } from "./cost_model.ts";

const costs: Costs = {
  perTile: { 0.25: 0.06, 1: 0.7 },
  perStep: { 0.25: 0.1, 1: 0.5 },
  ...{ perByte: 0, latency: 0, efficiency: 1 },
};

/** 12.5 MB between two ranks take a second at 100 Mbit/s. */
const step: ClusterWork = {
  ...{ ranks: 2, tiles: 5, width: 0.25, bytes: 12.5e6, bitsPerSecond: 1e8 },
  ...{ isBeside: false, role: "check", seconds: 1.2 },
};

Deno.test("clusterText() lists each measured step beside what the model predicts", () => {
  const during: ClusterWork = {
    ...{ ...step, isBeside: true, role: "fit", seconds: 1.3 },
  };
  const text = clusterText([step, during], { costs, hidden: 0.5 });
  assertStringIncludes(
    text,
    "| 0.25 | 5 | 100 Mbit/s | after | 1.2 s | 1.4 s | checked |\n" +
      "| 0.25 | 5 | 100 Mbit/s | during | 1.3 s | 1.3 s | fitted |",
  );
  assertStringIncludes(
    text,
    "| steps of 2 ranks, sums after it | 0 | 1 | +17 % | +17 % |",
  );
});

Deno.test("clusterText() has no table of steps if none was measured", () => {
  const sum: ClusterWork = { ...step, tiles: 0, width: 0 };
  const text = clusterText([sum], { costs, hidden: 0 });
  assertEquals(text.includes("Tiles per rank"), false);
});
