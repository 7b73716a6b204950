import { assertEquals, assertMatch } from "@std/assert";
import { describeRecipe } from "./describe_recipe.ts";
import { recipeNames } from "./recipes.ts";

Deno.test("describeRecipe() names what a recipe decides, and nothing else", () => {
  const report = "Defaults with `recipe report`: `optimizer sgd`, " +
    "`scheduler warm-restarts`, `weightDecay 0`, `loss bce`, `batch 16`, " +
    "`batchNormBatches 0`, `augment flips,rotation,elastic,erasing`";
  assertEquals(describeRecipe("report"), report);
  assertMatch(describeRecipe("general"), /`scales 0\.4-2\.5`/);
  assertMatch(
    describeRecipe("finetune"),
    /`batchNorm frozen`.*`validation` by/,
  );
  for (const name of recipeNames) {
    assertEquals(/undefined|null|NaN/.test(describeRecipe(name)), false, name);
  }
});
