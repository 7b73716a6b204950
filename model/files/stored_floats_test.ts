import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type StoredDtype, storedFloats } from "./stored_floats.ts";
import stored from "../fixtures/half_floats.json" with { type: "json" };
import { floatValues } from "./safetensors.ts";

const values = new Float32Array(Uint32Array.from(stored.bits).buffer);

/** The values as they come back. */
function read(values: Float32Array, dtype: StoredDtype): Float32Array {
  const bytes = storedFloats(values, dtype);
  return floatValues({ dtype, shape: [values.length], bytes });
}

for (const dtype of ["F16", "BF16"] as const) {
  Deno.test(`storedFloats() rounds to ${dtype} as PyTorch does`, () => {
    const expected = Uint16Array.from(stored[dtype]);
    const actual = new Uint16Array(storedFloats(values, dtype).buffer);
    for (const [at, value] of values.entries()) {
      // PyTorch keeps a NaN's sign.
      if (Number.isNaN(value)) continue;
      assertEquals(actual[at], expected[at], `${value}`);
    }
  });

  Deno.test(`storedFloats() keeps NaN and infinities as ${dtype}`, () => {
    const wide = read(values, dtype);
    const isNaN = (one: Float32Array) => [...one].map(Number.isNaN);
    assertEquals(isNaN(wide), isNaN(values));
    const infinite = new Float32Array([Infinity, -Infinity]);
    assertEquals(read(infinite, dtype), infinite);
  });

  Deno.test(`storedFloats() leaves what is ${dtype} already`, () => {
    fc.assert(fc.property(fc.float({ noNaN: true }), (value) => {
      const once = read(new Float32Array([value]), dtype);
      assertEquals(read(once, dtype), once);
    }));
  });
}

Deno.test("storedFloats() is off by at most half a step", () => {
  const steps = { F16: 2 ** -11, BF16: 2 ** -8 } as const;
  const range = { min: Math.fround(1e-4), max: 6e4, noNaN: true };
  for (const [dtype, step] of Object.entries(steps)) {
    fc.assert(
      fc.property(fc.float(range), (value) => {
        const [one] = read(new Float32Array([value]), dtype as StoredDtype);
        assert(Math.abs(one! - value) <= step * value);
      }),
    );
  }
});

Deno.test("storedFloats() gives F32 as it is, of a part of a buffer too", () => {
  const part = new Float32Array([1, 2, 3]).subarray(1);
  assertEquals(read(part, "F32"), part);
  assertEquals(read(part, "BF16"), part);
  assertEquals(storedFloats(part, "F32").buffer, part.buffer);
});
