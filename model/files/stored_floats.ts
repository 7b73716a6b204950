/** The element types that float32 values are stored as. */
export type StoredDtype = "F32" | "F16" | "BF16";

/**
 * The bytes of values in another type, little endian: each becomes the nearest
 * number of that type, of two as near the even one, an infinity where it is
 * beyond the largest. NaN stays NaN. F32 is not copied.
 */
export function storedFloats(
  values: Float32Array,
  dtype: StoredDtype,
): Uint8Array<ArrayBuffer> {
  const stored = dtype === "F32"
    ? values
    : dtype === "F16"
    ? new Float16Array(values)
    : bfloat16Of(values);
  return new Uint8Array(
    stored.buffer as ArrayBuffer,
    stored.byteOffset,
    stored.byteLength,
  );
}

/** The upper halves of float32's bits, rounded. */
function bfloat16Of(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(
    values.buffer,
    values.byteOffset,
    values.length,
  );
  const rounded = new Uint16Array(bits.length);
  for (let at = 0; at < bits.length; at++) {
    const one = bits[at]!;
    const isOdd = one >>> 16 & 1;
    // Rounded like a number, a NaN of few bits would become an infinity.
    rounded[at] = (one & 0x7fffffff) > 0x7f800000
      ? 0x7fc0
      : (one + 0x7fff + isOdd) >>> 16;
  }
  return rounded;
}
