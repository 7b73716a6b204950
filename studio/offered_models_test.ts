import { assert, assertEquals } from "@std/assert";
import { offeredModels } from "./offered_models.ts";

Deno.test("offeredModels() begins with those that were named, and leaves out models of classes", async () => {
  const offered = await offeredModels(["runs/mine"]);
  assertEquals(offered.named, ["runs/mine"]);
  assert(offered.published.includes("nuclei"));
  assert(!offered.published.includes("axons"));
});
