import { assert, assertEquals } from "@std/assert";
import { crc32 } from "node:zlib";
import { fromFileUrl } from "@std/path";
import { findBorders } from "../targets/find_borders.ts";
import slide from "../fixtures/slide_crop.json" with { type: "json" };
import { intensityRangeOf } from "./intensity_range_of.ts";
import { openImage } from "./open_image.ts";
import { atPixelSize } from "./at_pixel_size.ts";

const folder = Deno.env.get("UNET_DATA") ??
  fromFileUrl(new URL("../../../shared/data", import.meta.url));
const path = `${folder}/CMU-1-Small-Region.svs`;

function isThere(): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

const ignore = !isThere();
if (ignore) {
  // deno-lint-ignore no-console
  console.log(`Skipping tests on a real slide: no ${path}; set UNET_DATA`);
}

Deno.test({
  name: "openImage() reads windows of a real slide as OpenSlide does",
  ignore,
  async fn() {
    await using reader = await openImage(path);
    assert(reader.tiled);
    assertEquals(
      reader.levels.map(({ width, height }) => [width, height]),
      slide.levels,
    );
    assertEquals(reader.pixelSize, { x: slide.pixelSize, y: slide.pixelSize });
    for (const { x, y, width, height, crc } of slide.windows) {
      const { data } = await reader.read(x, y, width, height);
      assert(data instanceof Uint8Array);
      assertEquals(crc32(data), crc);
    }
    const { x, y, width, height } = slide.windows.at(-1)!;
    const last = await reader.read(x, y, width, height);
    assertEquals([...last.data], slide.pixels);
  },
});

Deno.test({
  name:
    "a real slide is bright, has no borders, and comes in other pixel sizes",
  ignore,
  async fn() {
    await using reader = await openImage(path);
    assertEquals(await intensityRangeOf(reader), { low: 0, high: 255 });
    assertEquals((await findBorders(reader)).content.width, 2220);
    await using smaller = await atPixelSize(reader, 0.998);
    assertEquals([smaller.width, smaller.height], [1110, 1484]);
    const part = await smaller.read(500, 700, 2, 1);
    const whole = await reader.read(1000, 1399, 4, 4);
    const green = [...whole.data].filter((_, at) => at % 3 === 1);
    assert(part.data[1]! >= Math.min(...green));
    assert(part.data[1]! <= Math.max(...green));
  },
});
