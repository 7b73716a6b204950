/**
 * Training: the loop, what it lowers, how it moves the weights, what it
 * measures, and the folder that it leaves.
 *
 * {@linkcode Trainer} takes the eight parts that the report names: optimizer,
 * loss, model, two loaders, epochs, device, scheduler. Everything else here
 * is one of those parts, or what is made of their results.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { assert } from "@std/assert";
 * import { createModel } from "@unet/model";
 * import { createRandom } from "@unet/random";
 * import {
 *   bceWithLogits,
 *   cosineAnnealingWarmRestarts,
 *   sgd,
 *   Trainer,
 * } from "@unet/train";
 *
 * const batch = {
 *   shape: [2, 32, 32] as const,
 *   x: new Float32Array(2 * 32 * 32 * 3).fill(0.5),
 *   targets: { object: new Float32Array(2 * 32 * 32).fill(1) },
 *   ids: ["a", "b"],
 * };
 * const loader = {
 *   length: 1,
 *   tiles: 2,
 *   async *batches() {
 *     yield await Promise.resolve(batch);
 *   },
 *   close() {},
 * };
 * const { best } = await new Trainer({
 *   optimizer: sgd({ momentum: 0.9 }),
 *   loss: bceWithLogits,
 *   model: createModel({ width: 0.05 }, createRandom(0)),
 *   trainDataloader: loader,
 *   testDataloader: loader,
 *   epochs: 1,
 *   device: { name: "cpu" },
 *   scheduler: cosineAnnealingWarmRestarts({ maxLearningRate: 0.1 }),
 * }).fit();
 * assert(best !== null);
 * ```
 *
 * @module
 */
export * from "./adam.ts";
export * from "./adamw.ts";
export * from "./aggregated_jaccard.ts";
export * from "./bce_dice_loss.ts";
export * from "./bce_with_logits.ts";
export * from "./border_loss.ts";
export * from "./checkpoint.ts";
export * from "./clip_gradients.ts";
export * from "./constant.ts";
export * from "./cosine.ts";
export * from "./cosine_annealing_warm_restarts.ts";
export * from "./curves.ts";
export * from "./cyclic_lr.ts";
export * from "./dice_loss.ts";
export * from "./dice_loss_options.ts";
export * from "./diverged_error.ts";
export * from "./draw_learning_rate_range.ts";
export * from "./draw_sample.ts";
export * from "./epoch_row.ts";
export * from "./evaluate.ts";
export * from "./find_learning_rate.ts";
export * from "./instance_scores.ts";
export * from "./learning_rate_range.ts";
export * from "./lock_run.ts";
export * from "./loss.ts";
export * from "./loss_by_name.ts";
export * from "./loss_of_heads.ts";
export * from "./metrics.ts";
export * from "./metrics_csv.ts";
export * from "./optimizer.ts";
export * from "./pixel_scores.ts";
export * from "./run_folder.ts";
export * from "./scheduler.ts";
export * from "./sgd.ts";
export * from "./train_step.ts";
export * from "./trainer.ts";
export * from "./training_record.ts";
export * from "./training_state.ts";
export * from "./update_batch_norm.ts";
export * from "./weighted_cross_entropy.ts";
