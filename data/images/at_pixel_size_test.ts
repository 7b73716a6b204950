import { assert, assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { FileError } from "@unet/errors";
import { openImage } from "./open_image.ts";
import { atPixelSize } from "./at_pixel_size.ts";
import { rescaled } from "./rescaled.ts";

const fixture = (name: string): string =>
  fromFileUrl(new URL(`../fixtures/tiff/${name}.tif`, import.meta.url));

// Levels of 97×64, 49×32 and 25×16 pixels of 0.5, about 1 and about 2 µm.
const pyramid = fixture("pyramid.ome");

Deno.test("atPixelSize() rescales the lowest level that is fine enough", async () => {
  await using image = await openImage(pyramid);
  for (const [pixelSize, level] of [[0.25, 0], [0.7, 0], [1.5, 1], [3, 2]]) {
    await using found = await atPixelSize(image, pixelSize!);
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

Deno.test("atPixelSize() leaves a level as it is that is within 1 of 100", async () => {
  await using image = await openImage(pyramid);
  await using found = await atPixelSize(image, 0.5025);
  assertEquals([found.width, found.height], [97, 64]);
  await using level = await atPixelSize(image, 0.995);
  assertEquals([level.width, level.height], [49, 32]);
  // Its pixels, and not the larger level's brought to its size.
  await using stored = await openImage(pyramid, { level: 1 });
  assertEquals(
    await level.read(0, 0, 49, 32),
    await stored.read(0, 0, 49, 32),
  );
});

Deno.test("atPixelSize() believes the given pixel size, and starts from the image's own level", async () => {
  await using image = await openImage(pyramid);
  const given = { pixelSize: { x: 2, y: 2 } };
  {
    await using fine = await atPixelSize(image, 1, given);
    assertEquals([fine.width, fine.height], [194, 128]);
    await using level = await atPixelSize(image, 4, given);
    assertEquals([level.width, level.height], [49, 32]);
  }
  // The readers are gone, and the image is still there.
  assertEquals((await image.read(0, 0, 1, 1)).width, 1);
  await using half = await openImage(pyramid, { level: 1 });
  await using same = await atPixelSize(half, 0.5);
  assertEquals([same.width, same.height], [97, 64]);
  await using lower = await atPixelSize(half, 1.95);
  assertEquals([lower.width, lower.height], [25, 16]);
});

Deno.test("atPixelSize() refuses to enlarge a small file without bound", async () => {
  await using image = await openImage(pyramid);
  const error = await assertRejects(
    () => atPixelSize(image, 0.03, { pixelSize: { x: 2.5, y: 2.5 } }),
    FileError,
  );
  assertEquals(
    error.message,
    `Cannot rescale image "${pyramid}": found pixels of 2.5 µm, which make 8083×5333 of 0.03 µm, 123 MB from 27 KB, expected at most 300 times the stored bytes, or 64 MB; give the image's pixel size as \`imagePixelSize\``,
  );
});

Deno.test("atPixelSize() refuses a file without a pixel size", async () => {
  const path = fixture("webp");
  await using image = await openImage(path);
  const error = await assertRejects(() => atPixelSize(image, 0.5), FileError);
  assertEquals(
    error.message,
    `Cannot rescale image "${path}": found no pixel size in it, expected one, to rescale it to the network's; give the image's as \`imagePixelSize\``,
  );
});

Deno.test("atPixelSize() refuses a pixel size that is no positive number", async () => {
  await using image = await openImage(pyramid);
  for (const pixelSize of [0, -1, NaN, Infinity]) {
    await assertRejects(
      () => atPixelSize(image, pixelSize),
      RangeError,
      `found a pixel size of ${pixelSize} µm, expected a positive number`,
    );
  }
});
