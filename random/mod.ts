/**
 * Random numbers that are passed in, never global: a seed and the numbers
 * that name a stream (epoch, sample) give the same values everywhere. Runs in a
 * browser.
 *
 * @example
 * ```ts
 * import { createRandom } from "@unet/random";
 * import { assertEquals } from "@std/assert";
 *
 * const seed = 7, epoch = 3, sample = 42;
 * assertEquals(
 *   createRandom(seed, epoch, sample).next(),
 *   createRandom(seed, epoch, sample).next(),
 * );
 * ```
 *
 * @module
 */
export * from "./random.ts";
export * from "./shuffle.ts";
