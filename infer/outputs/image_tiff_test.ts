import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { openImage } from "@unet/data";
import { openImageTiff } from "./image_tiff.ts";

Deno.test("openImageTiff() writes gray, color and channels so that they are read again, with the size of a pixel", async () => {
  const folder = await Deno.makeTempDir(), path = join(folder, "a.tif");
  const size = { width: 40, height: 3, pixelSize: { x: 0.25, y: 0.5 } };
  for (
    const [depth, channels, count] of [
      [8, 1, 1],
      [16, 1, 1],
      [32, 1, 1],
      [8, 3, 3],
      [16, ["DAPI", "µ<GFP>"], 2],
    ] as const
  ) {
    const numbers = Array.from(
      { length: 40 * 3 * count },
      (_, at) => at % 251,
    );
    const create = { 8: Uint8Array, 16: Uint16Array, 32: Float32Array }[depth];
    const values = new create(numbers);
    {
      await using tiff = await openImageTiff(path, {
        ...{ ...size, depth, channels },
      });
      await tiff.writeRows(values.slice(0, 40 * count));
      await tiff.writeRows(values.slice(40 * count));
      await tiff.finish();
    }
    const separate = typeof channels === "number" ? {} : { channels: [0, 1] };
    await using image = await openImage(path, separate);
    assertEquals(image.pixelSize, size.pixelSize);
    assertEquals(image.depth, depth);
    if (typeof channels !== "number") {
      assertEquals(image.channelNames, channels);
    }
    const { data } = await image.read(0, 0, 40, 3);
    assertEquals([...data], numbers);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("openImageTiff() adds levels, which are no planes", async () => {
  const folder = await Deno.makeTempDir();
  for (const depth of [8, 16] as const) {
    for (const channels of [1, 3, ["a", "b"]] as const) {
      const path = join(folder, "a.tif"), side = 600;
      const count = typeof channels === "number" ? channels : 2;
      const values = depth === 8
        ? new Uint8Array(side * side * count).fill(7)
        : new Uint16Array(side * side * count).fill(700);
      {
        await using tiff = await openImageTiff(path, {
          ...{ width: side, height: side, depth, channels, pyramid: true },
        });
        await tiff.writeRows(values);
        await tiff.finish();
      }
      const separate = typeof channels === "number" ? {} : { channels: [0, 1] };
      await using image = await openImage(path, separate);
      assertEquals(
        [image.width, image.planes, image.levels.length],
        [side, 1, 3],
        `${depth} bits, ${channels}`,
      );
    }
  }
  await Deno.remove(folder, { recursive: true });
});
