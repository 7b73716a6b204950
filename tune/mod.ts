/**
 * Studies of hyperparameters: what is tried, within which bounds, and what
 * came of it, as plain data that Optuna's terms name.
 *
 * @example
 * ```ts
 * import type { Space } from "@unet/tune";
 * import { assertEquals } from "@std/assert";
 *
 * const space: Space = {
 *   learningRate: { kind: "float", low: 1e-4, high: 1, log: true, step: null },
 *   batch: { kind: "categorical", choices: [8, 16, 32] },
 * };
 * assertEquals(Object.keys(space), ["learningRate", "batch"]);
 * ```
 *
 * @module
 */
export * from "./distribution.ts";
export * from "./last_step.ts";
export * from "./study.ts";
