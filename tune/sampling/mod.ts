/**
 * Which parameters to try next, and which trials to end early: Optuna's
 * samplers and pruners over plain studies.
 *
 * Nothing here reads or writes a file. Whoever runs a study hands over what is
 * known of it, and notes what comes back on the trial.
 *
 * @example
 * ```ts
 * import { tpeSampler } from "@unet/tune/sampling";
 * import { createRandom } from "@unet/random";
 * import type { Study } from "@unet/tune";
 * import { assert } from "@std/assert";
 *
 * const study: Study = {
 *   id: 0, name: "example", directions: ["maximize"], trials: [],
 *   userAttributes: {}, systemAttributes: {},
 * };
 * const { params } = tpeSampler().sample(
 *   study,
 *   { batch: { kind: "categorical", choices: [8, 16, 32] } },
 *   { random: createRandom(0), number: 0 },
 * );
 * assert([8, 16, 32].includes(params.batch as number));
 * ```
 *
 * @module
 */
export type {
  CategoricalDistribution,
  Choice,
  Distribution,
  FloatDistribution,
  IntDistribution,
  Space,
} from "../distribution.ts";
export type { Direction, Study, Trial, TrialState } from "../study.ts";
export * from "./check_space.ts";
export * from "./grid_sampler.ts";
export * from "./hyperband_pruner.ts";
export * from "./nop_pruner.ts";
export * from "./percentile_pruner.ts";
export * from "./pruner.ts";
export * from "./random_sampler.ts";
export * from "./sampler.ts";
export * from "./successive_halving_pruner.ts";
export * from "./tpe_sampler.ts";
