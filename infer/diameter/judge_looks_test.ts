import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { areEnough, judgeLooks, type Look } from "./judge_looks.ts";

const learned = { low: 8, median: 20, high: 40 };
const sure = { objects: 30, probability: 0.97, doubt: 0.1 };
const unsure = { objects: 30, probability: 0.7, doubt: 0.7 };

Deno.test("judgeLooks() takes the diameter that sure looks agree on, not fragments or clumps", () => {
  const looks: Look[] = [
    { ...unsure, scale: 2, diameter: 12 },
    { ...unsure, scale: 1, diameter: 15 },
    { ...sure, scale: 0.5, diameter: 37 },
    { ...sure, scale: 0.25, diameter: 19 },
  ];
  const found = judgeLooks(looks, learned)!;
  assert(found > 70 && found < 80);
  assertAlmostEquals(judgeLooks(looks.toReversed(), learned)!, found);
});

Deno.test("judgeLooks() finds nothing without looks, with doubt alone, or far from what the network learned", () => {
  assertEquals(judgeLooks([], learned), null);
  const doubtful = { ...sure, doubt: 1.2, scale: 1, diameter: 20 };
  assertEquals(judgeLooks([doubtful], learned), null);
  for (const diameter of [4, 80]) {
    assertEquals(judgeLooks([{ ...sure, scale: 1, diameter }], learned), null);
  }
});

Deno.test("areEnough() takes a first look that is sure and lies well within what the network learned", () => {
  const one = { ...sure, scale: 1, diameter: 20 };
  assert(areEnough([one], learned));
  assert(areEnough([{ ...one, objects: 3 }], learned));
  for (
    const other of [
      { ...one, scale: 0.5 },
      { ...one, diameter: 8.5 },
      { ...one, diameter: 38 },
      { ...one, objects: 2 },
      { ...one, doubt: 0.7 },
    ]
  ) assert(!areEnough([other], learned));
  assert(!areEnough([], learned));
});

Deno.test("areEnough() asks two looks to be sure and to agree", () => {
  const one = { ...sure, scale: 1, diameter: 30 };
  const half = (diameter: number) => ({ ...sure, scale: 0.5, diameter });
  assert(areEnough([one, half(15)], learned));
  assert(!areEnough([one, half(20)], learned));
  assert(!areEnough([one, { ...half(15), ...unsure }], learned));
});
