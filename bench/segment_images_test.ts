import { assert, assertEquals } from "@std/assert";
import { decodeImage, synthesize } from "@unet/data";
import { drawLarge, drawPlate } from "./segment_images.ts";

Deno.test("a plate is a folder of drawn images", async () => {
  const folder = await Deno.makeTempDir();
  const plate = await drawPlate(folder, { images: 3, size: 64 });
  const names = [...Deno.readDirSync(plate)].map(({ name }) => name).sort();
  assertEquals(names, [
    "fluorescence-0000.png",
    "fluorescence-0002.png",
    "stained-0001.png",
  ]);
  const [first] = synthesize({ count: 1, width: 64, height: 64, seed: 0 });
  const path = `${plate}/${names[0]}`;
  const { data } = await decodeImage(await Deno.readFile(path), path);
  assertEquals(data, first!.image.data);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a large image is a mosaic of drawn ones, cut at its edges", async () => {
  const folder = await Deno.makeTempDir();
  const large = { width: 800, height: 1100 };
  const path = await drawLarge(folder, { large });
  const bytes = await Deno.readFile(path);
  const { width, height, channels, data } = await decodeImage(bytes, path);
  assertEquals([width, height, channels], [800, 1100, 1]);
  const [first] = synthesize({ count: 1, width: 784, height: 1040, seed: 1 });
  for (const y of [0, 500, 1039]) {
    const row = data.subarray(y * width, y * width + 784);
    assertEquals(row, first!.image.data.subarray(y * 784, (y + 1) * 784));
  }
  // The last column and the last row hold nuclei, too, and no empty pixels.
  const corner = data.subarray((height - 1) * width + 784, height * width);
  assert(new Set(corner).size > 1);
  await Deno.remove(folder, { recursive: true });
});
