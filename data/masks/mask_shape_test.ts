import { assertEquals } from "@std/assert";
import { maskOf } from "../fixtures/drawn_mask.ts";
import { countParts } from "./mask_shape.ts";

const background = { has: (value: number) => value === 0 };

/** A mask of rows of digits. */
function parse(...rows: readonly string[]) {
  const values = Uint8Array.from(rows.join(""), Number);
  return countParts(maskOf(values, rows[0]!.length), background);
}

Deno.test("countParts() counts the parts of each number by sides and corners, the largest first", () => {
  const parts = parse("1100", "0010", "1000", "0022");
  assertEquals(parts.get(1), { parts: 2, sizes: [3, 1], stray: 0 });
  assertEquals(parts.get(2), { parts: 1, sizes: [2], stray: 0 });
});

Deno.test("countParts() takes thin parts for strays where they touch another number", () => {
  const alone = parse("10000", "00000", "00222", "00222", "00222");
  assertEquals(alone.get(1)?.stray, 0);
  const touching = parse("00000", "01000", "00222", "00222", "00222");
  assertEquals(touching.get(1)?.stray, 1);
  // A part with a pixel amid its own is no stray, whatever it touches.
  assertEquals(touching.get(2)?.stray, 0);
});
