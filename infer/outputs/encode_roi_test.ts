import { assertEquals, assertThrows } from "@std/assert";
import { encodeRoi } from "./encode_roi.ts";
import { instanceOf } from "./fixtures/sample_instances.ts";

Deno.test("encodeRoi() writes corners from the box's corner, and the name", () => {
  const bytes = encodeRoi(instanceOf(["##"], { x: 10, y: 20 }), "é1");
  const view = new DataView(bytes.buffer);
  const numbers = (at: number, count: number) =>
    Array.from({ length: count }, (_, i) => view.getInt16(at + 2 * i));
  assertEquals(new TextDecoder().decode(bytes.subarray(0, 4)), "Iout");
  assertEquals(bytes[6], 8);
  assertEquals(numbers(8, 5), [20, 10, 21, 12, 4]);
  assertEquals(numbers(64, 8), [0, 2, 2, 0, 0, 0, 1, 1]);
  const header = view.getInt32(60);
  assertEquals(view.getInt32(header + 20), 2);
  assertEquals(numbers(view.getInt32(header + 16), 2), [0xe9, 0x31]);
});

Deno.test("encodeRoi() refuses what is no object", () => {
  assertThrows(
    () => encodeRoi(instanceOf(["."]), "a"),
    RangeError,
    "Cannot trace object 1: found an empty mask",
  );
});
