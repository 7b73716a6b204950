import { checkSpace } from "./check_space.ts";
import { drawValue } from "./_draw_value.ts";
import type { Sampler } from "./sampler.ts";

/**
 * A sampler that draws every parameter evenly, on a logarithmic scale where the
 * distribution says so.
 *
 * @example
 * ```ts
 * import { randomSampler } from "@unet/tune/sampling";
 * import { createRandom } from "@unet/random";
 * import type { Study } from "@unet/tune";
 * import { assert } from "@std/assert";
 *
 * const study: Study = {
 *   id: 0, name: "example", directions: ["minimize"], trials: [],
 *   userAttributes: {}, systemAttributes: {},
 * };
 * const { params } = randomSampler().sample(
 *   study,
 *   { rate: { kind: "float", low: 1e-4, high: 1, log: true, step: null } },
 *   { random: createRandom(0), number: 0 },
 * );
 * const rate = params.rate as number;
 * assert(rate >= 1e-4 && rate <= 1);
 * ```
 */
export function randomSampler(): Sampler {
  return {
    sample(_study, space, { random }) {
      checkSpace(space);
      const params = Object.fromEntries(
        Object.entries(space).map((
          [name, distribution],
        ) => [name, drawValue(distribution, random)]),
      );
      return { params, systemAttributes: {} };
    },
  };
}
