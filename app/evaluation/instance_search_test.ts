import { assert, assertEquals } from "@std/assert";
import type { Labels } from "@unet/data";
import type { Planes } from "@unet/infer";
import { findInstances, labelsOf } from "@unet/infer/instances";
import { summarizeTotals, totalsOf } from "./instance_summary.ts";
import { combinationsOf, InstanceSearch } from "./instance_search.ts";

const [width, height] = [64, 32];

function draw(isObject: (x: number, y: number) => number): Labels {
  const data = Uint32Array.from(
    { length: width * height },
    (_, at) => isObject(at % width, Math.floor(at / width)),
  );
  return { width, height, data };
}

function segmentationOf({ data }: Labels): Planes {
  const object = Float32Array.from(data, (own) => own > 0 ? 0.9 : 0.1);
  return { width, height, planes: { object } };
}

const optionsOf = (settings: Record<string, number>) => settings;

// Its waist is shallow: with little depth it falls into two.
const waist = (x: number, y: number) => Math.abs(x - 32) < 4 ? 8 : 9 + 0 * y;
const peanut = draw((x, y) =>
  x > 8 && x < 56 && Math.abs(y - 16) < waist(x, y) ? 1 : 0
);

// Two discs that overlap a little.
const pair = draw((x, y) => {
  if (Math.hypot(x - 20, y - 15) < 11) return 1;
  return Math.hypot(x - 41, y - 15) < 11 ? 2 : 0;
});

Deno.test("combinationsOf() tries each value of each setting that is searched", () => {
  const all = combinationsOf(["depth", "borderWeight", "maximalHole"], true);
  assertEquals(all.length, 9);
  assertEquals(all[0], { depth: 0.75, borderWeight: 5 });
  const plain = combinationsOf(["depth", "borderWeight"], false);
  assertEquals(plain.map((one) => Object.keys(one)), [
    ...[["depth"], ["depth"], ["depth"]],
  ]);
  assertEquals(combinationsOf([], true), [{}]);
});

Deno.test("InstanceSearch ranks settings by what each gives alone", () => {
  const combinations = [{ depth: 0.1, smoothing: 0 }, { depth: 2 }];
  const search = new InstanceSearch(combinations);
  const scoreOf = (labels: Labels, settings: Record<string, number>) => {
    const found = findInstances(segmentationOf(labels), settings);
    const prediction = labelsOf(found, width, height);
    return summarizeTotals(totalsOf(labels, prediction)).meanAveragePrecision;
  };
  for (const [source, labels] of [["a", pair], ["b", peanut]] as const) {
    const segmentation = segmentationOf(labels);
    search.add({ segmentation, labels, source, optionsOf });
  }
  const expected = [{}, ...combinations].map((settings) => ({
    settings,
    meanAveragePrecision: (scoreOf(pair, settings) +
      scoreOf(peanut, settings)) / 2,
  })).sort((a, b) => b.meanAveragePrecision - a.meanAveragePrecision);
  assert(expected[0]!.meanAveragePrecision > expected[1]!.meanAveragePrecision);
  assertEquals(search.ranking(), expected);
});

Deno.test("InstanceSearch counts each data set alike, and keeps the order of equals", () => {
  const segmentation = segmentationOf(pair);
  const combinations = [{ depth: 0.75 }, { depth: 0.8 }];
  const search = new InstanceSearch(combinations);
  const nothing = draw(() => 0);
  for (let i = 0; i < 5; i++) {
    search.add({ segmentation, labels: pair, source: "a", optionsOf });
  }
  search.add({ segmentation, labels: nothing, source: "b", optionsOf });
  const ranking = search.ranking(), [first, second] = ranking;
  assertEquals<unknown>(
    ranking.map(({ settings }) => settings),
    [{}, ...combinations],
  );
  assertEquals(first!.meanAveragePrecision, second!.meanAveragePrecision);
  assert(first!.meanAveragePrecision > 0.4);
  assert(first!.meanAveragePrecision <= 0.5);
});

Deno.test("InstanceSearch ranks nothing where no image could be scored", () => {
  assertEquals(new InstanceSearch([{}]).ranking(), []);
});

Deno.test("InstanceSearch keeps the settings in use where all score alike", () => {
  const search = new InstanceSearch([{ depth: 0.75 }, { depth: 2 }]);
  const nothing = draw(() => 0), segmentation = segmentationOf(pair);
  search.add({ segmentation, labels: nothing, source: "a", optionsOf });
  const [best] = search.ranking();
  assertEquals(best, { settings: {}, meanAveragePrecision: 0 });
});
