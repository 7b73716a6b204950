import { assert, assertEquals } from "@std/assert";
import { offeredModels } from "./offered_models.ts";

Deno.test("offeredModels() begins with those that were named, and leaves out models of classes", async () => {
  const offered = await offeredModels(["runs/mine"]);
  assertEquals(offered[0], "runs/mine");
  assert(offered.includes("nuclei"));
  assert(!offered.includes("axons"));
});
