import { assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { FileError } from "@unet/errors";
import { openImage } from "./open_image.ts";
import { atScale } from "./at_scale.ts";
import { rescaled } from "./rescaled.ts";

// Levels of 97×64, 49×32 and 25×16 pixels.
const pyramid = fromFileUrl(
  new URL("../fixtures/tiff/pyramid.ome.tif", import.meta.url),
);

Deno.test("atScale() rescales the lowest level that is fine enough", async () => {
  await using image = await openImage(pyramid);
  for (const [factor, level] of [[2, 0], [0.7, 0], [0.4, 1], [0.2, 2]]) {
    await using found = await atScale(image, { x: factor!, y: factor! });
    await using source = await openImage(pyramid, { level: level! });
    const expected = rescaled(source, {
      x: factor! * 97 / source.width,
      y: factor! * 64 / source.height,
    });
    const { width, height } = expected;
    assertEquals([found.width, found.height], [width, height]);
    assertEquals(
      await found.read(0, 0, width, height),
      await expected.read(0, 0, width, height),
    );
  }
});

Deno.test("atScale() leaves an image as it is that is within 1 of 100, and open", async () => {
  await using image = await openImage(pyramid);
  {
    await using same = await atScale(image, { x: 1.005, y: 0.995 });
    assertEquals([same.width, same.height], [97, 64]);
  }
  assertEquals((await image.read(0, 0, 1, 1)).width, 1);
});

Deno.test("atScale() refuses to enlarge a small file without bound", async () => {
  await using image = await openImage(pyramid);
  const enlarged = { found: "nuclei of 1 pixel", remedy: "look closer" };
  const error = await assertRejects(
    () => atScale(image, { x: 90, y: 90 }, { enlarged }),
    FileError,
  );
  assertEquals(
    error.message,
    `Cannot rescale image "${pyramid}": found nuclei of 1 pixel, which make 8730×5760, 144 MB from 27 KB, expected at most 300 times the stored bytes, or 64 MB; look closer`,
  );
});
