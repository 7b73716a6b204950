import { assert, assertEquals, assertThrows } from "@std/assert";
import { floatValues, isFloating } from "./float_values.ts";

for (const dtype of ["I64", "I8"] as const) {
  Deno.test(`floatValues() refuses integers: ${dtype}`, () => {
    const error = assertThrows(
      () => floatValues({ dtype, shape: [], bytes: new Uint8Array(8) }),
      TypeError,
    );
    assertEquals(
      error.message,
      `Cannot read tensor of dtype "${dtype}": found integers, expected floating point`,
    );
  });
}

Deno.test("floatValues() reads bytes at any offset, and copies them", () => {
  const bytes = new Uint8Array(13);
  for (let offset = 0; offset < 9; offset++) {
    new DataView(bytes.buffer).setFloat32(offset, 1.5, true);
    const view = bytes.subarray(offset, offset + 4);
    const values = floatValues({ dtype: "F32", shape: [1], bytes: view });
    assertEquals([...values], [1.5]);
    assert(values.buffer !== bytes.buffer);
  }
});

Deno.test("isFloating() is true of what floatValues() reads", () => {
  const bytes = new Uint8Array(8);
  const isRead = (["F64", "F32", "F16", "BF16", "I64", "I8"] as const)
    .filter((dtype) => isFloating({ dtype, shape: [], bytes }));
  assertEquals(isRead, ["F64", "F32", "F16", "BF16"]);
});
