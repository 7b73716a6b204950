import { assertEquals, assertThrows } from "@std/assert";
import { FileError } from "@unet/errors";
import { encodeNpy, parseNpy } from "./npy.ts";
import stored from "./fixtures/steps.json" with { type: "json" };

const bytesOf = (name: keyof typeof stored.arrays): Uint8Array =>
  Uint8Array.fromBase64(stored.arrays[name]);

Deno.test("parseNpy() reads what numpy saved", () => {
  const read = (name: keyof typeof stored.arrays) => {
    const { shape, values } = parseNpy(bytesOf(name), name);
    return [shape, [...values]];
  };
  assertEquals(read("float32"), [[2, 2], [0.5, -1, 2, 3e9]]);
  assertEquals(read("float64"), [[2], [Math.fround(0.1), Infinity]]);
  assertEquals(read("uint8"), [[3], [0, 1, 2]]);
  assertEquals(read("uint16"), [[1, 1], [65535]]);
  assertEquals(read("int64"), [[2], [-7, 2 ** 40]]);
  assertEquals(read("bool"), [[2], [1, 0]]);
});

Deno.test("parseNpy() refuses objects, other orders, and lying headers", () => {
  const refused = (bytes: Uint8Array, part: string) =>
    assertThrows(() => parseNpy(bytes, "a.npy"), FileError, part);
  refused(bytesOf("objects"), "objects are pickles, which are not read");
  refused(bytesOf("fortran"), "found Fortran's order");
  refused(bytesOf("bigEndian"), 'values of type ">f4"');
  const float = bytesOf("float32");
  refused(float.subarray(0, float.length - 1), "found shape");
  refused(float.subarray(0, 11), "no array of numpy");
  const long = float.slice();
  long[9] = 0xff;
  refused(long, "a header of");
  const lying = encodeNpy({ shape: [4], values: new Float32Array(4) });
  const at = new TextDecoder("latin1").decode(lying).indexOf("(4,)");
  lying.set(new TextEncoder().encode("(9,)"), at);
  refused(lying, "found shape [[9]] before 16 bytes");
});

Deno.test("encodeNpy() writes the bytes of numpy, and refuses a shape that does not fit", () => {
  const array = { shape: [2, 2], values: new Float32Array([0.5, -1, 2, 3e9]) };
  assertEquals(encodeNpy(array), bytesOf("float32"));
  assertThrows(() => encodeNpy({ ...array, shape: [3] }), RangeError);
});
