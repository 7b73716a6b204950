import { assertEquals } from "@std/assert";
import {
  type FinetuneRun,
  finetuneTable,
  toFinetuneResults,
} from "./finetune_results.ts";

const scores = (f1: number, ap50: number) => ({ images: 4, f1, ap50 });

const run = (
  source: string,
  ids: string,
  [f1, ap50, seconds]: readonly [number, number, number],
): FinetuneRun => ({
  ...{ source, ids: [...ids], draw: 1, seconds },
  ...{ before: scores(0.5, 0.25), after: scores(f1, ap50) },
});

const runs = [
  run("cells", "ab", [0.75, 0.5, 60]),
  run("cells", "bc", [0.5, 0.375, 120]),
  run("cells", "abc", [0.875, 0.5, 90]),
  run("tissue", "xy", [0.625, 0.25, 30]),
  run("tissue", "xy", [0.75, 0.5, 30]),
];

Deno.test("toFinetuneResults() joins the draws of each data set and number of images", () => {
  const before = scores(0.5, 0.25);
  assertEquals(toFinetuneResults(runs), [
    {
      ...{ source: "cells", images: 2, draws: 2, isSameImages: false, before },
      f1: { mean: 0.625, lowest: 0.5, highest: 0.75 },
      ap50: { mean: 0.4375, lowest: 0.375, highest: 0.5 },
      minutes: { mean: 1.5, lowest: 1, highest: 2 },
    },
    {
      ...{ source: "cells", images: 3, draws: 1, isSameImages: false, before },
      f1: { mean: 0.875, lowest: 0.875, highest: 0.875 },
      ap50: { mean: 0.5, lowest: 0.5, highest: 0.5 },
      minutes: { mean: 1.5, lowest: 1.5, highest: 1.5 },
    },
    {
      ...{ source: "tissue", images: 2, draws: 2, isSameImages: true, before },
      f1: { mean: 0.6875, lowest: 0.625, highest: 0.75 },
      ap50: { mean: 0.375, lowest: 0.25, highest: 0.5 },
      minutes: { mean: 0.5, lowest: 0.5, highest: 0.5 },
    },
  ]);
});

Deno.test("finetuneTable() has a row per number of images, and says where draws are of the same ones", () => {
  const [header, ...lines] = finetuneTable(toFinetuneResults(runs));
  assertEquals(
    header!.trim().split(/  +/),
    [
      ...["images", "draws", "F1 before", "after", "from–to"],
      ...["AP50 before", "after", "from–to", "minutes"],
    ],
  );
  assertEquals(lines.slice(0, 3).map((line) => line.split(/  +/)), [
    [
      ...["cells", "2", "2", "0.500", "0.625", "0.500–0.750"],
      ...["0.250", "0.438", "0.375–0.500", "1.5"],
    ],
    [
      ...["cells", "3", "1", "0.500", "0.875", "0.875–0.875"],
      ...["0.250", "0.500", "0.500–0.500", "1.5"],
    ],
    [
      ...["tissue", "2", "2", "0.500", "0.688", "0.625–0.750"],
      ...["0.250", "0.375", "0.250–0.500", "0.5"],
    ],
  ]);
  assertEquals(lines.slice(3), [
    "tissue: all 2 images are in each draw, so draws differ by the seed alone",
  ]);
});
