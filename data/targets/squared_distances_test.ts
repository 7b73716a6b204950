import { assertEquals } from "@std/assert";
import { squaredDistances } from "./squared_distances.ts";

Deno.test("squaredDistances() equals a search over all pixels", () => {
  const width = 9, height = 7;
  for (let seed = 1; seed < 40; seed++) {
    const inside = Array.from(
      { length: width * height },
      (_, at) => (at * 2654435761 * seed >>> 8) % 11 === 0,
    );
    const actual = squaredDistances(
      width,
      height,
      (x, y) => inside[y * width + x]!,
    );
    for (let at = 0; at < inside.length; at++) {
      let least = Infinity;
      for (let other = 0; other < inside.length; other++) {
        if (!inside[other]) continue;
        const dx = at % width - other % width;
        const dy = Math.floor(at / width) - Math.floor(other / width);
        least = Math.min(least, dx * dx + dy * dy);
      }
      assertEquals(actual[at], least);
    }
  }
});

Deno.test("squaredDistances() are infinite where no pixel counts", () => {
  const distances = squaredDistances(3, 2, () => false);
  assertEquals([...distances], Array(6).fill(Infinity));
});

Deno.test("squaredDistances() are exact far away", () => {
  const width = 150, height = 90;
  const targets = [[3, 5], [140, 80], [70, 2]] as const;
  const actual = squaredDistances(
    width,
    height,
    (x, y) => targets.some(([tx, ty]) => tx === x && ty === y),
  );
  for (let at = 0; at < actual.length; at++) {
    const x = at % width, y = Math.floor(at / width);
    const expected = targets.map(([tx, ty]) => (x - tx) ** 2 + (y - ty) ** 2);
    assertEquals(actual[at], Math.min(...expected));
  }
});
