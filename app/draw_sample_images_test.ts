import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { decodeImage, synthesize } from "@unet/data";
import { drawSampleImages } from "./draw_sample_images.ts";

Deno.test("drawSampleImages() draws what the training draws, without masks", async () => {
  const folder = await Deno.makeTempDir();
  const names = await drawSampleImages(folder, { count: 3, size: 48, seed: 2 });
  const drawn = [...synthesize({ count: 3, width: 48, height: 48, seed: 2 })];
  for (const [at, { id, image }] of drawn.entries()) {
    assertEquals(names[at], `${id}.png`);
    const path = join(folder, names[at]!);
    const { data } = await decodeImage(await Deno.readFile(path), path);
    assertEquals(data, image.data);
  }
  const files = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  assertEquals(files, names.toSorted());
  await Deno.remove(folder, { recursive: true });
});
