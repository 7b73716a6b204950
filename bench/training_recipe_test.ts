import { assertEquals } from "@std/assert";
import { recipes } from "@unet/app";
import { standardSettings } from "./training_recipe.ts";

Deno.test("the standard recipe is what unet train does, with a border head", async () => {
  const settings = await standardSettings({
    ...{ width: 0.25, size: 64, batch: 3, name: "wasm", precision: "float32" },
  });
  const { optimizer, loss, weightDecay, augment, scheduler } = settings;
  assertEquals<unknown>(
    { optimizer, loss, weightDecay, augment, scheduler },
    {
      optimizer: recipes.standard.optimizer,
      loss: recipes.standard.loss,
      weightDecay: recipes.standard.weightDecay,
      augment: recipes.standard.augment,
      scheduler: recipes.standard.scheduler,
    },
  );
  const { width, tile, batch, boundaries, workers } = settings;
  assertEquals(
    [width, tile, batch, boundaries, workers],
    [0.25, 64, 3, true, 1],
  );
});
