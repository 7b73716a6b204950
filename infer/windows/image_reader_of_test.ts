import { assertEquals, assertRejects } from "@std/assert";
import { imageReaderOf } from "./image_reader_of.ts";

Deno.test("imageReaderOf() reads windows of an image in memory, and refuses others", async () => {
  const data = new Float32Array([1, 2, 3, 4, 5, 6, 7, 8]);
  const image = { width: 2, height: 2, channels: 2, depth: 32, data } as const;
  await using reader = imageReaderOf({ ...image, isSeparate: true });
  assertEquals(reader.isSeparate, true);
  assertEquals(
    (await reader.read(1, 0, 1, 2)).data,
    new Float32Array([3, 4, 7, 8]),
  );
  await assertRejects(() => reader.read(1, 0, 2, 2), RangeError);
});
