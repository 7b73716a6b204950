import { assert, assertEquals, assertThrows } from "@std/assert";
import { createRandom } from "@unet/random";
import fc from "fast-check";
import { anySpace, isWithin } from "./fixtures/any_space.ts";
import { studyOf } from "./fixtures/read_fixture.ts";
import { randomSampler } from "./random_sampler.ts";

const study = studyOf([]);

Deno.test("randomSampler() draws every parameter from its values, the same for the same stream", () => {
  fc.assert(fc.property(anySpace, fc.integer(), (space, seed) => {
    const draw = () =>
      randomSampler().sample(study, space, {
        random: createRandom(seed),
        number: 0,
      });
    const { params, systemAttributes } = draw();
    assertEquals(Object.keys(params), Object.keys(space));
    for (const [name, distribution] of Object.entries(space)) {
      assert(isWithin(distribution, params[name]!), `${params[name]}`);
    }
    assertEquals(systemAttributes, {});
    assertEquals(draw().params, params);
  }));
});

Deno.test("randomSampler() draws steps equally often, and decades of a logarithmic range", () => {
  const count = 6000, random = createRandom(1);
  const space = {
    step: { kind: "float", low: 0, high: 0.5, log: false, step: 0.1 },
    int: { kind: "int", low: 3, high: 8, log: false, step: 1 },
    rate: { kind: "float", low: 1e-6, high: 1, log: true, step: null },
  } as const;
  const found = Array.from(
    { length: count },
    () => randomSampler().sample(study, space, { random, number: 0 }).params,
  ) as Record<string, number>[];
  const deviation = Math.sqrt(count * 5 / 36);
  for (let sixth = 0; sixth < 6; sixth++) {
    const counts = [
      found.filter(({ step }) => Math.round(step! * 10) === sixth),
      found.filter(({ int }) => int === sixth + 3),
      found.filter(({ rate }) => Math.floor(Math.log10(rate!)) === sixth - 6),
    ].map(({ length }) => length);
    for (const number of counts) {
      assert(Math.abs(number - count / 6) < 5 * deviation, `${counts}`);
    }
  }
});

Deno.test("randomSampler() refuses a space that has no values", () => {
  assertThrows(
    () =>
      randomSampler().sample(
        study,
        { x: { kind: "categorical", choices: [] } },
        { random: createRandom(0), number: 0 },
      ),
    RangeError,
    'Cannot sample parameter "x": found no choices, expected one or more',
  );
});
