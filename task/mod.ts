/**
 * The problem as plain data: which channels come in and how their values are
 * normalized, and which heads a network learns. A task can be printed, stored
 * in a model's file and in `config.json`, and compared. Runs in a browser.
 *
 * @example
 * ```ts
 * import { objectTask, type Task } from "@unet/task";
 * import { assertEquals } from "@std/assert";
 *
 * const task: Task = objectTask({ loss: "bce+dice" });
 * assertEquals(task.heads[0]!.loss, "bce+dice");
 * ```
 *
 * @module
 */
export * from "./channel_input.ts";
export * from "./class_task.ts";
export * from "./describe_task.ts";
export * from "./fill_losses.ts";
export * from "./head_places.ts";
export * from "./object_task.ts";
export * from "./parse_task.ts";
export * from "./task.ts";
