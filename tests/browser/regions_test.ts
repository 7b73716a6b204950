import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { encodePng, openImage, readLabels } from "@unet/data";
import { findChromium } from "./call_page.ts";
import { callStudio } from "./call_studio.ts";

const chromium = findChromium();
const skipped = chromium === undefined;
if (skipped) {
  // deno-lint-ignore no-console
  console.log("skipped: a test of regions, for there is no Chromium");
}

Deno.test({
  name:
    "the studio's page draws a region on a large image, and has it corrected and found again there",
  ignore: skipped, // skipped: without a Chromium
  async fn() {
    const folder = await Deno.makeTempDir(), width = 2400, height = 1800;
    const data = Uint8Array.from(
      { length: width * height },
      (_, at) => at % width / 10,
    );
    const image = { width, height, channels: 1, depth: 8, data } as const;
    await Deno.writeFile(join(folder, "slide.png"), await encodePng(image));
    const { texts, faults, violations } = await callStudio(
      chromium!,
      folder,
      "regions",
    );
    assertEquals([faults, violations], [[], []]);
    const [whole, name] = texts.names!;
    assertEquals([whole, texts.names!.length], ["slide.png", 2]);
    const [, x, y] = /^slide_x(\d+)_y(\d+)\.tif$/.exec(name!)!.map(Number);
    assertEquals(texts.note, [`A region of slide.png, from x ${x}, y ${y}.`]);
    {
      await using region = await openImage(join(folder, name!));
      const [first] = (await region.read(0, 0, 1, 1)).data;
      assertEquals(first, data[y! * width + x!]);
      assert(region.width < width / 2 && region.height < height / 2);
    }
    const mask = await readLabels(join(folder, "masks", name!), 2 ** 26);
    assertEquals(new Set(mask.data), new Set([0, 1]));
    await Deno.remove(folder, { recursive: true });
  },
});
