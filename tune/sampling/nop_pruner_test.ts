import { assertEquals } from "@std/assert";
import { studyOf, trialOf } from "./fixtures/read_fixture.ts";
import { nopPruner } from "./nop_pruner.ts";

Deno.test("nopPruner() lets even NaN continue", () => {
  const trial = trialOf(0, { intermediateValues: new Map([[0, NaN]]) });
  assertEquals(nopPruner().shouldPrune(studyOf([trial]), trial), {
    prune: false,
    systemAttributes: {},
  });
});
