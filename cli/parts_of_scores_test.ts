import { assertEquals } from "@std/assert";
import { partsOfScores } from "./parts_of_scores.ts";

const namesOf = (scores: Parameters<typeof partsOfScores<object>>[0]) =>
  partsOfScores<object>(scores).map(([name]) => name);

Deno.test("partsOfScores() has a row per modality and data set where there are several", () => {
  const [one, two] = [{ fluorescence: {} }, { fluorescence: {}, stained: {} }];
  const sources = { tissue: {}, cells: {} };
  assertEquals(namesOf({ modalities: one }), ["all"]);
  assertEquals(namesOf({ modalities: two }), [
    ...["all", "fluorescence", "stained"],
  ]);
  assertEquals(namesOf({ modalities: one, sources }), [
    ...["all", "tissue", "cells"],
  ]);
});

Deno.test("partsOfScores() marks a data set that is called like another row", () => {
  const modalities = { fluorescence: {}, stained: {} };
  assertEquals(
    namesOf({ modalities, sources: { all: {}, stained: {}, a: {} } }),
    [
      ...["all", "fluorescence", "stained"],
      ...["all (data set)", "stained (data set)", "a"],
    ],
  );
});
