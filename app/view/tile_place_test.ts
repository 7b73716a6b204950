import { assertEquals, assertThrows } from "@std/assert";
import { levelsOf, partOfTile, tileSide } from "./tile_place.ts";

const words = { work: "draw tile", of: "image" } as const;

Deno.test("levelsOf() halves until one tile holds the image", () => {
  assertEquals(levelsOf({ width: tileSide, height: 3 }), 1);
  assertEquals(levelsOf({ width: 3, height: tileSide + 1 }), 2);
  assertEquals(levelsOf({ width: 5 * tileSide, height: 1 }), 4);
});

Deno.test("partOfTile() gives whole tiles but for the last of a row and column, and refuses others", () => {
  const full = { width: 2 * tileSide + 5, height: tileSide + 3 };
  assertEquals(partOfTile(full, { level: 0, x: 2, y: 1 }, words), {
    ...{ x: 2 * tileSide, y: tileSide, width: 5, height: 3 },
    halved: full,
  });
  const halved = { width: tileSide + 3, height: tileSide / 2 + 2 };
  assertEquals(partOfTile(full, { level: 1, x: 0, y: 0 }, words), {
    ...{ x: 0, y: 0, width: tileSide, height: halved.height, halved },
  });
  for (const [level, x, y] of [[0, 3, 0], [0, 0, 2], [3, 0, 0]] as const) {
    assertThrows(
      () => partOfTile(full, { level, x, y }, words),
      RangeError,
      `Cannot draw tile: found level ${level}, column ${x}, row ${y}, ` +
        "expected a tile of the image",
    );
  }
});
