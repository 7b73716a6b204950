import { assert, assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { FileError } from "@unet/errors";
import { openImage } from "./open_image.ts";
import { openImageAt } from "./open_image_at.ts";
import { rescaled } from "./rescaled.ts";

const fixture = (name: string): string =>
  fromFileUrl(new URL(`fixtures/tiff/${name}.tif`, import.meta.url));

// Levels of 97×64, 49×32 and 25×16 pixels of 0.5, about 1 and about 2 µm.
const pyramid = fixture("pyramid.ome");

Deno.test("openImageAt() rescales the lowest level that is fine enough", async () => {
  for (const [pixelSize, level] of [[0.25, 0], [0.7, 0], [1.5, 1], [3, 2]]) {
    await using found = await openImageAt(pyramid, pixelSize!);
    const source = await openImage(pyramid, { level: level! });
    const { x, y } = source.pixelSize!;
    await using expected = rescaled(source, {
      x: x / pixelSize!,
      y: y / pixelSize!,
    });
    const { width, height } = expected;
    assertEquals([found.width, found.height], [width, height]);
    assertEquals(
      await found.read(0, 0, width, height),
      await expected.read(0, 0, width, height),
    );
    assert(Math.abs(found.pixelSize!.x / pixelSize! - 1) < 0.1);
  }
});

Deno.test("openImageAt() leaves a level as it is that is within 1 of 100", async () => {
  await using found = await openImageAt(pyramid, 0.5025);
  assertEquals([found.width, found.height], [97, 64]);
  await using level = await openImageAt(pyramid, 0.995);
  assertEquals([level.width, level.height], [49, 32]);
});

Deno.test("openImageAt() refuses a file that tells no pixel size", async () => {
  const path = fixture("webp");
  const error = await assertRejects(() => openImageAt(path, 0.5), FileError);
  assertEquals(
    error.message,
    `Cannot rescale image "${path}": found no pixel size in the file, expected one, to come from it to the size wanted; leave out the pixel size, or write it into the file`,
  );
});

Deno.test("openImageAt() refuses a pixel size that is no positive number", async () => {
  for (const pixelSize of [0, -1, NaN, Infinity]) {
    await assertRejects(
      () => openImageAt(pyramid, pixelSize),
      RangeError,
      `found a pixel size of ${pixelSize} µm, expected a positive number`,
    );
  }
});
