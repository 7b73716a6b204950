import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { decodeImage } from "@unet/data";
import { Thumbnail } from "./thumbnail.ts";

Deno.test("Thumbnail shows the means of a large picture, however its rows are cut", async () => {
  const width = 640, height = 320;
  const pixels = new Uint8Array(width * height * 3);
  pixels.forEach((_, i) => {
    const x = Math.floor(i / 3) % width;
    // Stripes of one pixel on the left, one color on the right.
    pixels[i] = x < 320 ? (x % 2) * 200 : 40;
  });
  const whole = new Thumbnail(width, height),
    cut = new Thumbnail(width, height);
  whole.add(pixels);
  for (let y = 0; y < height; y += 64) {
    cut.add(pixels.subarray(y * width * 3, (y + 64) * width * 3));
  }
  const bytes = await whole.encode();
  assertEquals(await cut.encode(), bytes);
  const read = await decodeImage(bytes, "a.jpg");
  assertEquals([read.width, read.height], [160, 80]);
  const at = (x: number) => read.data[(40 * 160 + x) * read.channels]!;
  assert(Math.abs(at(40) - 100) < 4 && Math.abs(at(120) - 40) < 4);
});

Deno.test("Thumbnail keeps a small picture's size, and a pixel of a narrow one", () => {
  const sizes = ([[20, 10], [160, 160], [1, 9000]] as const)
    .map(([width, height]) => new Thumbnail(width, height))
    .map(({ width, height }) => [width, height]);
  assertEquals(sizes, [[20, 10], [160, 160], [1, 160]]);
});

Deno.test("Thumbnail refuses sizes and rows that do not fit", async () => {
  assertThrows(
    () => new Thumbnail(0, 1),
    RangeError,
    "Cannot make thumbnail: found 0×1 pixels, expected integers from 1",
  );
  const thumbnail = new Thumbnail(2, 2);
  assertThrows(
    () => thumbnail.add(new Uint8Array(5)),
    RangeError,
    "Cannot make thumbnail: found 5 values, expected rows of 6",
  );
  await assertRejects(
    () => thumbnail.encode(),
    RangeError,
    "Cannot make thumbnail: found 0 rows at the end, expected 2",
  );
});
