import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { cropped } from "./cropped.ts";
import { readerOf } from "../fixtures/reader_of.ts";

const data = Uint8Array.from({ length: 12 }, (_, at) => at);
const image = { width: 4, height: 3, channels: 1, depth: 8, data } as const;

Deno.test("cropped() reads from its own corner, with the pixel size kept", async () => {
  const pixelSize = { x: 0.5, y: 0.5 };
  const reader = cropped(readerOf(image, { pixelSize }), {
    x: 1,
    y: 1,
    width: 3,
    height: 2,
  });
  assertEquals([reader.width, reader.height], [3, 2]);
  assertEquals(reader.pixelSize, pixelSize);
  assertEquals([...(await reader.read(0, 0, 3, 2)).data], [5, 6, 7, 9, 10, 11]);
  assertEquals([...(await reader.read(1, 1, 2, 1)).data], [10, 11]);
});

Deno.test("cropped() reads nothing beyond its borders, though the image continues", async () => {
  const reader = cropped(readerOf(image), { x: 0, y: 0, width: 2, height: 2 });
  await assertRejects(
    () => reader.read(1, 0, 2, 1),
    RangeError,
    "Cannot read window: found 2×1 at (1, 0), expected whole numbers inside 2×2",
  );
});

Deno.test("cropped() refuses a rectangle that reaches out, and closes its source", async () => {
  const source = readerOf(image);
  assertThrows(
    () => cropped(source, { x: 2, y: 0, width: 3, height: 1 }),
    RangeError,
  );
  await cropped(source, { x: 0, y: 0, width: 1, height: 1 })
    [Symbol.asyncDispose]();
  assert(source.isClosed());
});
