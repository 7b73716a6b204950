import { assert, assertEquals } from "@std/assert";
import { captionHeight, captionWidth, inkOf } from "./pixel_font.ts";

const alphabet =
  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-._";

Deno.test("inkOf() draws each letter in a way of its own, within its place", () => {
  const seen = new Set<string>();
  for (const letter of alphabet) {
    const ink = [...inkOf(letter)];
    assert(ink.length > 3, letter);
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

Deno.test("inkOf() leaves accents out, and draws a box for a letter that it lacks", () => {
  assertEquals([...inkOf("é")], [...inkOf("e")]);
  assertEquals([...inkOf("核")], [...inkOf("質")]);
  assertEquals([...inkOf("核")].length, 20);
  assertEquals(captionWidth("é"), captionWidth("e"));
});
