import { assertEquals } from "@std/assert";
import { partWithin } from "./region_store.ts";

Deno.test("partWithin() takes the whole pixels of an image that a part touches", () => {
  const image = { width: 100, height: 50 };
  assertEquals(
    partWithin(image, { x: -3.5, y: 10.2, width: 20, height: 5.1 }),
    { x: 0, y: 10, width: 17, height: 6 },
  );
  assertEquals(
    partWithin(image, { x: 90, y: 40, width: 500, height: 500 }),
    { x: 90, y: 40, width: 10, height: 10 },
  );
  for (const x of [-30, 100]) {
    assertEquals(partWithin(image, { x, y: 0, width: 30, height: 9 }), null);
  }
});
