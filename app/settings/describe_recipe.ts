import { type RecipeDefaults, type RecipeName, recipes } from "./recipes.ts";

/**
 * The defaults of a recipe in words, its settings in backticks.
 *
 * @param name The recipe.
 *
 * @example
 * ```ts
 * import { describeRecipe } from "@unet/app/settings";
 * import { assertMatch } from "@std/assert";
 *
 * assertMatch(describeRecipe("report"), /`optimizer sgd`, .*`batch 16`/);
 * ```
 */
export function describeRecipe(name: RecipeName): string {
  const recipe: RecipeDefaults = recipes[name];
  const { scales, freezeBatchNorm, learningRate, validation } = recipe;
  const values = {
    optimizer: recipe.optimizer,
    learningRate,
    scheduler: recipe.scheduler,
    weightDecay: recipe.weightDecay,
    loss: recipe.loss,
    batch: recipe.batch,
    epochs: recipe.epochs,
    patience: recipe.patience,
    tilesPerEpoch: recipe.tilesPerEpoch,
    batchNorm: freezeBatchNorm ? "frozen" : undefined,
    batchNormBatches: freezeBatchNorm ? undefined : recipe.batchNormBatches,
    scales: scales ? `${scales.low}-${scales.high}` : undefined,
    augment: recipe.augment.join(","),
  };
  const said = Object.entries(values).filter(([, value]) => value !== undefined)
    .map(([setting, value]) => `\`${setting} ${value}\``);
  return `Defaults with \`recipe ${name}\`: ${said.join(", ")}` +
    (validation === null ? "; `validation` by the number of images" : "");
}
