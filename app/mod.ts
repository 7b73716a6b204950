/**
 * The program's tasks as functions: check, train, evaluate, segment, calibrate,
 * export, suggest a learning rate. Each takes plain settings, reports events,
 * and stops on an `AbortSignal`; the command line and the studio are thin
 * layers over them.
 *
 * Messages name settings in backticks, such as `epochs` or `learningRate
 * 0.001`; the command line prints them as its flags.
 *
 * @example
 * ```ts
 * import { segment } from "@unet/app";
 * import { encodePng, synthesize } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const [drawn] = synthesize({ count: 1, width: 64, height: 64, seed: 1 });
 * await Deno.writeFile(`${folder}/cell.png`, await encodePng(drawn!.image));
 * const report = await segment([`${folder}/cell.png`], {
 *   model: "nuclei",
 *   out: `${folder}/masks`,
 *   device: "wasm",
 * });
 * assertEquals(report.segmented, 1);
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @module
 */
export * from "./annotations/import_annotations.ts";
export * from "./calibrate.ts";
export * from "./check.ts";
export * from "./check_sources.ts";
export * from "./doubt.ts";
export type { RoleChoices, SearchName } from "./evaluation/check_roles.ts";
export * from "./draw_sample_images.ts";
export * from "./evaluation/evaluate.ts";
export * from "./evaluation/evaluate_classes.ts";
export * from "./evaluation/evaluate_model.ts";
export type {
  FoundSettings,
  SearchedSettings,
} from "./evaluation/instance_search.ts";
export * from "./evaluation/instance_summary.ts";
export type { InstanceSettingName } from "./settings/instance_limits.ts";
export type * from "./evaluation/scored_image.ts";
export type { ScaledImage } from "./evaluation/scaled_image.ts";
export type { ByPart } from "./evaluation/sums_by_part.ts";
export * from "./evaluation/worst_images.ts";
export * from "./export_model.ts";
export type { PackageChoices } from "./packages/package_choices.ts";
export * from "./learning_rate/lr_range.ts";
export type * from "./learning_rate/lr_range_events.ts";
export * from "./measurements/mask_measurer.ts";
export * from "./measurements/measure_folder.ts";
export * from "./models/card_settings.ts";
export * from "./models/find_model.ts";
export * from "./models/open_network.ts";
export * from "./models/reading_of.ts";
export * from "./models/window_of.ts";
export * from "./notebook/show_chart.ts";
export * from "./notebook/show_image.ts";
export * from "./open_segmenter.ts";
export * from "./predictions/heat_tile.ts";
export * from "./predictions/kept_prediction.ts";
export * from "./predictions/mean_entropy.ts";
export * from "./predictions/object_options.ts";
export * from "./predictions/open_predictor.ts";
export * from "./predictions/save_objects.ts";
export * from "./predictions/score_mask.ts";
export * from "./segment.ts";
export * from "./settings/choice_of_settings.ts";
export * from "./settings/choose_network.ts";
export * from "./settings/complete_train_settings.ts";
export * from "./settings/data_sources.ts";
export * from "./settings/export_formats.ts";
export * from "./settings/hold_out.ts";
export * from "./settings/network_settings.ts";
export * from "./settings/parse_train_settings.ts";
export * from "./settings/predict_settings.ts";
export * from "./settings/reading_settings.ts";
export * from "./settings/recipes.ts";
export * from "./settings/resumed_settings.ts";
export * from "./settings/setting.ts";
export * from "./settings/shares_setting.ts";
export * from "./settings/stack_settings.ts";
export * from "./settings/train_settings.ts";
export * from "./settings/train_table.ts";
export * from "./settings/typed_values.ts";
export * from "./shown_path.ts";
export * from "./sources/open_sources.ts";
export * from "./sources/read_roles.ts";
export * from "./sources/split_by_roles.ts";
export * from "./studies/clear_trials.ts";
export * from "./studies/default_space.ts";
export * from "./studies/find_study.ts";
export * from "./studies/open_study.ts";
export * from "./studies/parse_space.ts";
export * from "./studies/renamed_inputs.ts";
export * from "./studies/settings_of_values.ts";
export * from "./studies/study.ts";
export * from "./studies/study_sampler.ts";
export * from "./studies/trial_objective.ts";
export * from "./training/build_model.ts";
export type { CardOfOrigin } from "./training/card_of_origin.ts";
export * from "./training/find_weights.ts";
export * from "./training/is_offline.ts";
export * from "./training/model_card.ts";
export type { WeightsEvents } from "./training/model_from_weights.ts";
export type * from "./training/session_events.ts";
export * from "./training/run_summary.ts";
export * from "./training/settings_of_model.ts";
export * from "./training/split_of.ts";
export * from "./training/train.ts";
export * from "./training/train_run.ts";
export * from "./training/training_data.ts";
export * from "./training/training_parts.ts";
export * from "./view/open_label_view.ts";
export * from "./view/open_view.ts";
export * from "./write_sheets.ts";
