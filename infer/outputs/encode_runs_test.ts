import { assertEquals, assertThrows } from "@std/assert";
import { encodeRuns } from "./encode_runs.ts";
import runs from "./fixtures/runs.json" with { type: "json" };

Deno.test("encodeRuns() writes the texts that pycocotools writes", () => {
  for (const { rows, counts } of runs) {
    const height = rows.length, width = rows[0]!.length;
    const mask = Uint8Array.from(rows.join(""), Number);
    const whole = { label: 1, x: 0, y: 0, width, height, mask, probability: 1 };
    assertEquals(encodeRuns(whole, { width, height }), counts);
  }
});

Deno.test("encodeRuns() writes the same for any box around an object", () => {
  const size = { width: 7, height: 6 }, object = { label: 1, probability: 1 };
  const mask = new Uint8Array(42);
  for (const at of [16, 17, 24, 30, 31, 32]) mask[at] = 1;
  const whole = { ...object, x: 0, y: 0, ...size, mask };
  const cut = Array.from(
    { length: 9 },
    (_, at) => mask[(2 + Math.floor(at / 3)) * 7 + 2 + at % 3]!,
  );
  const tight = { ...object, x: 2, y: 2, width: 3, height: 3 };
  assertEquals(
    encodeRuns({ ...tight, mask: Uint8Array.from(cut) }, size),
    encodeRuns(whole, size),
  );
});

Deno.test("encodeRuns() refuses an object that reaches out of the image", () => {
  const mask = new Uint8Array([1, 1]);
  assertThrows(
    () =>
      encodeRuns(
        { label: 1, x: 2, y: 0, width: 2, height: 1, mask, probability: 1 },
        { width: 3, height: 3 },
      ),
    RangeError,
    "found 2×1 at (2, 0), expected it inside 3×3",
  );
});
