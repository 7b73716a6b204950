import { assertEquals, assertThrows } from "@std/assert";
import { ModelError } from "@unet/errors";
import { unpickle } from "./unpickle.ts";

/** Reads a pickle of these bytes, between the protocol and the stop. */
function read(...codes: readonly number[]): unknown {
  const bytes = Uint8Array.of(0x80, 2, ...codes, 0x2e);
  const { value, end } = unpickle(bytes, 0, {
    find: (name) => ({ name }),
    load: (id) => id,
    bad: (found, expected) => new ModelError(`found ${found}, not ${expected}`),
  });
  assertEquals(end, bytes.length);
  return value;
}

Deno.test("unpickle() reads integers of any length with their sign, as Python writes them", () => {
  // pickle.dumps(n, 2) of each.
  assertEquals(read(0x8a, 0), 0);
  assertEquals(read(0x8a, 1, 0xff), -1);
  assertEquals(read(0x8a, 1, 0x7f), 127);
  assertEquals(read(0x8a, 2, 0xff, 0), 255);
  assertEquals(read(0x8a, 2, 0, 0x80), -32768);
  assertEquals(read(0x8a, 5, 0, 0, 0, 0, 1), 2 ** 32);
  assertEquals(read(0x8a, 8, 0, 0, 0, 0, 0, 0, 0, 0x80), -(2n ** 63n));
  assertEquals(read(0x4a, 0xfe, 0xff, 0xff, 0xff), -2);
  assertEquals(read(0x4d, 0xfe, 0xff), 65534);
  assertThrows(() => read(0x8a, 17, ...new Array(17).fill(1)), ModelError);
});

Deno.test("unpickle() reads floats from their highest byte, texts and pairs", () => {
  assertEquals(read(0x47, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0), 1.5);
  assertEquals(read(0x58, 2, 0, 0, 0, 0xc3, 0xa9), "é");
  assertEquals(read(0x4b, 1, 0x4b, 2, 0x86), [1, 2]);
});
