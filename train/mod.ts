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
export * from "./optimizers/adam.ts";
export * from "./optimizers/adamw.ts";
export * from "./metrics/aggregated_jaccard.ts";
export * from "./losses/bce_dice_loss.ts";
export * from "./losses/bce_with_logits.ts";
export * from "./losses/class_loss_by_name.ts";
export * from "./losses/cross_entropy_loss.ts";
export * from "./losses/focal_loss.ts";
export * from "./losses/softmax_dice_loss.ts";
export * from "./losses/softmax_dice_options.ts";
export * from "./losses/class_weight_options.ts";
export * from "./losses/border_loss.ts";
export * from "./run/checkpoint.ts";
export * from "./optimizers/clip_gradients.ts";
export * from "./schedules/constant.ts";
export * from "./schedules/cosine.ts";
export * from "./schedules/cosine_annealing_warm_restarts.ts";
export * from "./run/curves.ts";
export * from "./schedules/cyclic_lr.ts";
export * from "./losses/dice_loss.ts";
export * from "./losses/dice_loss_options.ts";
export * from "./diverged_error.ts";
export * from "./learning_rate/draw_learning_rate_range.ts";
export * from "./run/draw_sample.ts";
export * from "./end_of_training.ts";
export * from "./run/epoch_row.ts";
export * from "./metrics/evaluate.ts";
export * from "./learning_rate/find_learning_rate.ts";
export * from "./metrics/instance_errors.ts";
export * from "./metrics/instance_scores.ts";
export * from "./learning_rate/learning_rate_range.ts";
export * from "./learning_rate/search_learning_rate.ts";
export * from "./learning_rate/take_batches.ts";
export * from "./learning_rate/try_learning_rate.ts";
export * from "./run/lock_run.ts";
export * from "./losses/loss.ts";
export * from "./losses/loss_by_name.ts";
export * from "./losses/loss_names.ts";
export * from "./losses/loss_of_heads.ts";
export * from "./metrics/metrics.ts";
export * from "./run/metrics_csv.ts";
export * from "./optimizers/optimizer.ts";
export * from "./metrics/class_scores.ts";
export * from "./metrics/object_class_scores.ts";
export * from "./metrics/pixel_scores.ts";
export {
  type HeadColumn,
  headColumnsOf,
  type SourceColumn,
  sourceColumnsOf,
} from "./run/row_columns.ts";
export * from "./run/run_folder.ts";
export * from "./schedules/scheduler.ts";
export * from "./optimizers/sgd.ts";
export * from "./parallel/communicator.ts";
export * from "./parallel/gradient_sums_of.ts";
export * from "./train_step.ts";
export * from "./trainer.ts";
export * from "./run/training_record.ts";
export * from "./run/training_state.ts";
export * from "./update_batch_norm.ts";
export * from "./losses/weighted_cross_entropy.ts";
