import { assert, assertEquals, assertThrows } from "@std/assert";
import { captionHeight, captionWidth, inkOf } from "./pixel_font.ts";

const alphabet = "abcdefghijklmnopqrstuvwxyzAGIP";

Deno.test("inkOf() draws each letter in a way of its own, within its place", () => {
  const seen = new Set<string>();
  for (const letter of alphabet) {
    const ink = [...inkOf(letter)];
    assert(ink.length > 4, letter);
    for (const [x, y] of ink) {
      assert(x >= 0 && x < captionWidth(letter), letter);
      assert(y >= 0 && y < captionHeight, letter);
    }
    seen.add(ink.join(" "));
  }
  assertEquals(seen.size, alphabet.length);
});

Deno.test("inkOf() puts letters side by side, and leaves spaces", () => {
  const shifted = [...inkOf("l")].map(([x, y]) => [x + 12, y]);
  assertEquals(
    [...inkOf("l l")].map(([x, y]) => [x, y]),
    [...[...inkOf("l")].map(([x, y]) => [x, y]), ...shifted],
  );
  assertEquals([captionWidth(""), captionWidth("l l")], [0, 17]);
});

Deno.test("inkOf() refuses letters that it has not", () => {
  assertThrows(() => [...inkOf("é")], RangeError, 'found the letter "é"');
});
