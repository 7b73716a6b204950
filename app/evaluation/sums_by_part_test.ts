import { assertEquals } from "@std/assert";
import { SumsByPart } from "./sums_by_part.ts";

const sums = () => new SumsByPart(0, (a: number, b: number) => a + b);
const scored = (sum: number) => ({ sum });

Deno.test("SumsByPart adds each image to all, to its modality and to its data set", () => {
  const parts = sums();
  parts.add(1, { modality: "stained", source: "tissue" });
  parts.add(2, { modality: "fluorescence", source: "cells" });
  parts.add(4, { modality: "fluorescence", source: "tissue" });
  const { modalities, sources, ...all } = parts.summarize(scored);
  assertEquals(all, { sum: 7 });
  assertEquals(modalities, { fluorescence: { sum: 6 }, stained: { sum: 1 } });
  assertEquals(Object.keys(modalities), ["fluorescence", "stained"]);
  assertEquals(sources, { tissue: { sum: 5 }, cells: { sum: 2 } });
  assertEquals(Object.keys(sources!), ["tissue", "cells"]);
});

Deno.test("SumsByPart has no data sets where images name none, and sums of no image", () => {
  const parts = sums();
  assertEquals(parts.summarize(scored), { sum: 0, modalities: {} });
  parts.add(1, { modality: "stained" });
  assertEquals(Object.keys(parts.summarize(scored)), ["sum", "modalities"]);
});

Deno.test("SumsByPart takes any name of a data set", () => {
  const parts = sums();
  parts.add(1, { modality: "stained", source: "__proto__" });
  assertEquals(Object.entries(parts.summarize(scored).sources!), [
    ["__proto__", { sum: 1 }],
  ]);
});
