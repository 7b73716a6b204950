import { assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { encodePng, openImage } from "@unet/data";
import { saveRegion } from "./save_region.ts";

const channels = fromFileUrl(
  import.meta.resolve("../../infer/fixtures/channels.ome.tif"),
);

Deno.test("saveRegion() keeps channels with their names, values and pixel size", async () => {
  const folder = await Deno.makeTempDir(), out = join(folder, "a.tif");
  await using whole = await openImage(channels, { channel: 0 });
  const part = { x: 3, y: 2, width: 7, height: 5 };
  await saveRegion(channels, part, out);
  for (const channel of whole.channelNames.keys()) {
    await using before = await openImage(channels, { channel });
    await using after = await openImage(out, { channel });
    assertEquals(
      [after.channelNames, after.depth, after.width, after.height],
      [before.channelNames, before.depth, 7, 5],
    );
    assertEquals(after.pixelSize, before.pixelSize);
    assertEquals(
      (await after.read(0, 0, 7, 5)).data,
      (await before.read(3, 2, 7, 5)).data,
    );
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("saveRegion() takes the colors of an image with alpha, and refuses what is not within", async () => {
  const folder = await Deno.makeTempDir(), path = join(folder, "a.png");
  const data = Uint8Array.from({ length: 16 }, (_, at) => at);
  const image = { width: 2, height: 2, channels: 4, depth: 8, data } as const;
  await Deno.writeFile(path, await encodePng(image));
  const out = join(folder, "b.tif"), part = { x: 1, y: 0, width: 1, height: 2 };
  await saveRegion(path, part, out);
  await using saved = await openImage(out);
  const { data: values } = await saved.read(0, 0, 1, 2);
  assertEquals([...values], [4, 5, 6, 12, 13, 14]);
  await assertRejects(
    () => saveRegion(path, { ...part, x: 2 }, out),
    RangeError,
    "expected a part of 2×2",
  );
  await Deno.remove(folder, { recursive: true });
});
