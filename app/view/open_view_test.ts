import { assert, assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { encodePng, type Image, resizeImage, synthesize } from "@unet/data";
import { FileError } from "@unet/errors";
import { TiffWriter } from "@unet/infer/outputs";
import { levelsOf, openView, tileSide } from "./open_view.ts";

async function saved(image: Image): Promise<string> {
  const path = await Deno.makeTempFile({ suffix: ".png" });
  await Deno.writeFile(path, await encodePng(image));
  return path;
}

function ramp(width: number, height: number): Image {
  const data = Uint8Array.from(
    { length: width * height },
    (_, at) => (at % width * 7 + Math.floor(at / width) * 3) % 256,
  );
  return { width, height, channels: 1, depth: 8, data };
}

Deno.test("openView() draws tiles that together are the image, at every level", async () => {
  const image = ramp(1100, 700);
  const path = await saved(image);
  await using view = await openView(path);
  assertEquals([view.levels, view.isColor, view.depth], [3, false, 8]);
  const { data } = await view.tile({ level: 0, x: 2, y: 1 });
  const width = 1100 - 2 * tileSide, height = 700 - tileSide;
  assertEquals(data.length, width * height * 3);
  for (const [x, y] of [[0, 0], [width - 1, height - 1], [3, 100]] as const) {
    const from = (y + tileSide) * 1100 + x + 2 * tileSide;
    assertEquals(data[(y * width + x) * 3], image.data[from]);
  }
  const small = await view.tile({ level: 2, x: 0, y: 0 });
  const expected = resizeImage(image, { width: 275, height: 175 });
  assertEquals([small.width, small.height], [275, 175]);
  assertEquals(
    small.data.filter((_, at) => at % 3 === 0),
    expected.data as Uint8Array<ArrayBuffer>,
  );
  await Deno.remove(path);
});

Deno.test("openView() spreads values by the ranges that are asked for", async () => {
  const data = new Uint16Array([0, 1000, 2000, 4000]);
  const path = await saved({
    width: 4,
    height: 1,
    channels: 1,
    depth: 16,
    data,
  });
  await using view = await openView(path);
  assertEquals(view.channels, [{ name: "Gray", low: 0, high: 4000 }]);
  const place = { level: 0, x: 0, y: 0 };
  const tile = await view.tile(place, [{ low: 1000, high: 2000 }]);
  assertEquals(
    [...tile.data].filter((_, at) => at % 3 === 0),
    [0, 0, 255, 255],
  );
  await assertRejects(() => view.tile(place, []), RangeError, "found 0 ranges");
  await Deno.remove(path);
});

Deno.test("openView() shows separate channels by name, and hides those that are asked to be", async () => {
  const path = fromFileUrl(
    new URL("../../infer/fixtures/channels.ome.tif", import.meta.url),
  );
  await using view = await openView(path);
  assert(view.channels.length >= 2);
  const values = await view.values(0, 0);
  assertEquals(values.length, view.channels.length);
  const hidden = view.channels.map(() => ({ low: 0, high: 0 }));
  const { data } = await view.tile({ level: 0, x: 0, y: 0 }, hidden);
  assert(data.every((value) => value === 0));
  const drawn = await view.tile({ level: 0, x: 0, y: 0 });
  assert(drawn.data.some((value) => value > 0));
});

Deno.test("openView() reads the level of a pyramid that is enough", async () => {
  const path = await Deno.makeTempFile({ suffix: ".tif" });
  const image = ramp(2048, 1536);
  {
    await using tiff = await TiffWriter.open(path, {
      ...{ width: 2048, height: 1536, type: "uint8", pyramid: "mean" },
    });
    await tiff.writeRows(image.data as Uint8Array);
    await tiff.finish();
  }
  await using view = await openView(path);
  const tile = await view.tile({ level: 2, x: 0, y: 0 });
  const whole = resizeImage(image, { width: 512, height: 384 });
  assertEquals([tile.width, tile.height], [512, 384]);
  const differences = whole.data.map((value, at) =>
    Math.abs(value - tile.data[at * 3]!)
  );
  assert(differences.every((difference) => difference <= 3));
  await Deno.remove(path);
});

Deno.test("openView() makes thumbnails of any shape, and gives values as they are stored", async () => {
  const [drawn] = synthesize({ count: 1, width: 300, height: 200, seed: 1 });
  const path = await saved(drawn!.image);
  await using view = await openView(path);
  const { width, height } = await view.thumbnail(96);
  assertEquals([width, height], [96, 64]);
  const { channels, data } = drawn!.image;
  const at = (10 * 300 + 20) * channels;
  assertEquals(await view.values(20, 10), [...data.slice(at, at + channels)]);
  await assertRejects(() => view.values(300, 0), RangeError);
  await Deno.remove(path);
  const line = await saved(ramp(1000, 1));
  await using thin = await openView(line);
  const small = await thin.thumbnail(96);
  assertEquals([small.width, small.height], [96, 1]);
  await Deno.remove(line);
});

Deno.test("openView() refuses tiles that are not there, and files that are no images", async () => {
  const path = await saved(ramp(20, 20));
  await using view = await openView(path);
  for (
    const place of [
      { level: 0, x: 1, y: 0 },
      { level: 0, x: 0, y: 1 },
      { level: 1, x: 0, y: 0 },
    ]
  ) await assertRejects(() => view.tile(place), RangeError, "expected a tile");
  await Deno.writeTextFile(path, "no image");
  await assertRejects(() => openView(path), FileError);
  await Deno.remove(path);
});

Deno.test("levelsOf() halves until an image fits into a tile", () => {
  const levels = (width: number, height: number) => levelsOf({ width, height });
  assertEquals(
    [levels(1, 1), levels(512, 512), levels(513, 2), levels(2048, 4096)],
    [1, 1, 2, 4],
  );
});
