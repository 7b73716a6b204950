import { assert, assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "@unet/errors";
import { createRandom } from "@unet/random";
import type { Space, Study } from "@unet/tune";
import { samplerOf } from "./study_sampler.ts";

const empty: Study = {
  ...{ id: 0, name: "a", directions: ["maximize"], trials: [] },
  ...{ userAttributes: {}, systemAttributes: {} },
};

Deno.test("samplerOf() makes a grid of choices and steps, and counts its points", () => {
  const space: Space = {
    batch: { kind: "categorical", choices: [8, 16] },
    period: { kind: "int", low: 2, high: 7, log: false, step: 2 },
    momentum: { kind: "float", low: 0, high: 0.3, log: false, step: 0.1 },
  };
  const { sampler, most } = samplerOf({ sampler: "grid" }, space);
  assertEquals(most, 2 * 3 * 4);
  const options = { random: createRandom(0), number: 0 };
  const { params } = sampler.sample(empty, space, options);
  assertEquals(Object.keys(params).sort(), ["batch", "momentum", "period"]);
  assert([0, 0.1, 0.2, 0.3].includes(Number(params.momentum)));
});

Deno.test("samplerOf() refuses a grid without steps, or of too many points", () => {
  const grid = { sampler: "grid" } as const;
  const lr = { kind: "float", low: 0.1, high: 1 } as const;
  assertThrows(
    () => samplerOf(grid, { lr: { ...lr, log: true, step: null } }),
    UsageError,
    'Cannot use setting "sampler": found grid with parameter lr, which is on a logarithmic scale',
  );
  assertThrows(
    () => samplerOf(grid, { lr: { ...lr, log: false, step: null } }),
    UsageError,
    "which is without a step",
  );
  const many = { ...lr, log: false, step: 1e-3 };
  assertThrows(
    () => samplerOf(grid, { lr: many, momentum: many }),
    UsageError,
    "found a grid of 811801 points, expected at most 100000",
  );
});
