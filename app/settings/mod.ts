/**
 * The settings of every command, described once: types, ranges, defaults and
 * help. Loads nothing that computes or reads images.
 *
 * @example
 * ```ts
 * import { inputsOf, windowSettings } from "@unet/app/settings";
 * import { assert } from "@std/assert";
 *
 * assert(inputsOf(windowSettings).some(({ name }) => name === "blend"));
 * ```
 *
 * @module
 */
export * from "./choice_of_settings.ts";
export * from "./choose_network.ts";
export * from "./describe_recipe.ts";
export * from "./diameter_settings.ts";
export * from "./data_sources.ts";
export * from "./export_formats.ts";
export * from "./hold_out.ts";
export * from "./image_settings.ts";
export * from "./network_settings.ts";
export * from "./predict_settings.ts";
export * from "./reading_settings.ts";
export * from "./recipes.ts";
export * from "./setting.ts";
export * from "./shares_setting.ts";
export * from "./stack_settings.ts";
export * from "./train_settings.ts";
export * from "./train_table.ts";
export * from "./typed_values.ts";
