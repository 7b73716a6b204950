import { fromFileUrl, join } from "@std/path";
import { assertEquals, assertRejects } from "@std/assert";
import { encodePng } from "@unet/data";
import { FileError } from "@unet/errors";
import { inFolder } from "../fixtures/in_folder.ts";
import { openMeasuredImage } from "./open_measured_image.ts";

const dot = {
  ...{ label: 1, x: 1, y: 0, width: 1, height: 1 },
  mask: new Uint8Array([1]),
};

Deno.test("openMeasuredImage() measures all channels of a file of several, and no alpha of color", () =>
  inFolder(async (folder) => {
    const several = fromFileUrl(
      new URL("../fixtures/channels.ome.tif", import.meta.url),
    );
    await using image = await openMeasuredImage(several);
    const [measured] = await image.measure([dot]);
    assertEquals(
      measured!.intensities.map(({ channel }) => channel),
      [...image.channels],
    );
    assertEquals(image.channels.length >= 2, true);
    const path = join(folder, "a.png");
    await Deno.writeFile(
      path,
      await encodePng({
        ...{ width: 2, height: 1, channels: 4, depth: 8 },
        data: new Uint8Array([1, 2, 3, 4, 50, 60, 70, 80]),
      }),
    );
    await using color = await openMeasuredImage(path);
    const [of] = await color.measure([dot]);
    assertEquals(
      of!.intensities.map(({ channel, mean }) => [channel, mean]),
      [["red", 50], ["green", 60], ["blue", 70]],
    );
  }));

Deno.test("openMeasuredImage() measures objects together as one by one, near or far apart", async () => {
  const path = fromFileUrl(
    new URL("../fixtures/channels.ome.tif", import.meta.url),
  );
  await using image = await openMeasuredImage(path);
  const corners = [[0, 0], [3, 1], [5, 2], [0, 4], [4, 4]].map(([x, y]) => [
    ...[x! / 5 * (image.width - 3), y! / 4 * (image.height - 2)].map(
      Math.floor,
    ),
  ]);
  const objects = corners.map(([x, y], at) => ({
    ...{ label: at + 1, x: x!, y: y!, width: 3, height: 2 },
    mask: new Uint8Array([1, 1, at % 2, 0, 1, 1]),
  }));
  const alone = [];
  for (const one of objects) alone.push(...await image.measure([one]));
  assertEquals(await image.measure(objects), alone);
  assertEquals(await image.measure(objects.slice(1, 3)), alone.slice(1, 3));
});

Deno.test("openMeasuredImage() refuses what is no image, and planes that are not there", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.png");
    await Deno.writeTextFile(path, "no image");
    await assertRejects(() => openMeasuredImage(path), FileError);
    const data = new Uint8Array([1]);
    await Deno.writeFile(
      path,
      await encodePng({ width: 1, height: 1, channels: 1, depth: 8, data }),
    );
    await assertRejects(() => openMeasuredImage(path, { plane: 3 }), FileError);
  }));
