import { cannot } from "@unet/errors";
import type { SafetensorsView } from "./safetensors.ts";

/** Whether a tensor's elements are floating point numbers. */
export function isFloating({ dtype }: SafetensorsView): boolean {
  return dtype !== "I64" && dtype !== "I8";
}

/**
 * The values of a floating point tensor.
 *
 * @param view The tensor: F64, F32, F16 or BF16.
 * @returns Its values as float32; F64 is rounded.
 * @throws {TypeError} If its elements are integers.
 *
 * @example
 * ```ts
 * import { floatValues } from "@unet/model";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = new Uint8Array([0x80, 0x3f, 0x00, 0xc0]);
 * const values = floatValues({ dtype: "BF16", shape: [2], bytes });
 * assertEquals([...values], [1, -2]);
 * ```
 */
export function floatValues(view: SafetensorsView): Float32Array {
  // Offsets inside a file need not be aligned; a copy is.
  const { buffer } = new Uint8Array(view.bytes);
  switch (view.dtype) {
    case "F32":
      return new Float32Array(buffer);
    case "F64":
      return Float32Array.from(new Float64Array(buffer));
    case "F16":
      return Float32Array.from(new Float16Array(buffer));
    case "BF16":
      return widened(new Uint16Array(buffer));
    default:
      throw new TypeError(
        cannot("read", "tensor of dtype", view.dtype, {
          found: "integers",
          expected: "floating point",
        }),
      );
  }
}

/** The float32 numbers whose upper halves bfloat16 numbers are. */
function widened(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  // A loop: a callback per number takes thirty times as long.
  for (let at = 0; at < halves.length; at++) bits[at] = halves[at]! << 16;
  return new Float32Array(bits.buffer);
}
