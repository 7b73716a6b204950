import { assertEquals, assertThrows } from "@std/assert";
import { ModelError } from "@unet/errors";
import { checkScales, checkValues } from "./check_values.ts";
import type { SafetensorsDtype, SafetensorsView } from "./safetensors.ts";
import { storedFloats } from "./stored_floats.ts";

type Floating = Exclude<SafetensorsDtype, "I8" | "I64">;

const label = { thing: "model", name: "m" } as const;

/** A tensor whose bytes begin at any place of a file. */
function viewOf(
  values: readonly number[],
  { dtype = "F32", shift = 0 }: { dtype?: Floating; shift?: number } = {},
): SafetensorsView {
  const stored = dtype === "F64"
    ? new Uint8Array(new Float64Array(values).buffer)
    : storedFloats(Float32Array.from(values), dtype);
  const file = new Uint8Array(shift + stored.length);
  file.set(stored, shift);
  return { dtype, shape: [values.length], bytes: file.subarray(shift) };
}

const messageOf = (check: () => void): string =>
  assertThrows(check, ModelError).message;

for (const dtype of ["F64", "F32", "F16", "BF16"] as const) {
  for (const value of [NaN, Infinity, -Infinity]) {
    for (const shift of [0, 1]) {
      Deno.test(`checkValues() refuses ${value} in ${dtype}, ${shift} bytes into a file`, () => {
        const good = viewOf([1, -2, 0], { dtype, shift });
        checkValues(new Map([["a.bias", good]]), label);
        const bad = viewOf([1, -2, value], { dtype, shift });
        assertEquals(
          messageOf(() =>
            checkValues(new Map([["a", good], ["b.bias", bad]]), label)
          ),
          `Cannot load model "m": found ${value} in b.bias, expected finite ` +
            "numbers",
        );
      });
    }
  }
}

Deno.test("checkValues() refuses an F64 that is infinite as float32, and takes the largest of each dtype", () => {
  const large = viewOf([1e39], { dtype: "F64" });
  assertEquals(
    messageOf(() => checkValues(new Map([["w", large]]), label)),
    'Cannot load model "m": found Infinity in w, expected finite numbers',
  );
  checkValues(
    new Map([
      ["a", viewOf([3.4028234663852886e38, -1e-45])],
      ["b", viewOf([65504, -65504], { dtype: "F16" })],
      ["c", viewOf([3.38e38], { dtype: "BF16" })],
      ["d", viewOf([3.4e38, 1e-300], { dtype: "F64" })],
      ["none", viewOf([])],
    ]),
    label,
  );
});

Deno.test("checkValues() refuses a variance below 0, and no other number below 0", () => {
  const view = viewOf([0.5, -0.25]);
  checkValues(
    new Map([["a.running_mean", view], ["a.running_var", viewOf([0, 1])]]),
    label,
  );
  assertEquals(
    messageOf(() => checkValues(new Map([["a.running_var", view]]), label)),
    'Cannot load model "m": found -0.25 in a.running_var, expected ' +
      "variances from 0",
  );
});

Deno.test("checkScales() refuses scales of 8-bit tensors that are not finite and above 0", () => {
  const whole = { dtype: "I8", shape: [1], bytes: new Uint8Array(1) } as const;
  for (const value of [NaN, Infinity, 0, -0.5]) {
    const tensors = new Map([["w", whole], ["w_scale", viewOf([1, value])]]);
    assertEquals(
      messageOf(() => checkScales(tensors, label)),
      `Cannot load model "m": found ${value} in w_scale, expected finite ` +
        "scales above 0",
    );
    checkScales(new Map([["w_scale", viewOf([value])]]), label);
  }
});
