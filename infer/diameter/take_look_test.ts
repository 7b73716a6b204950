import { assert, assertEquals } from "@std/assert";
import type { Image } from "@unet/data";
import { imageReaderOf } from "../windows/image_reader_of.ts";
import { InstanceFinder } from "../instances/instance_finder.ts";
import { lookAtWhole, takeLook } from "./take_look.ts";
import { segmentBands } from "../windows/segment_bands.ts";
import { red } from "../fixtures/red.ts";

const range = { low: 0, high: 255 };
const window = { tile: 64, margin: 0, multiple: 1 };

/** Discs of a diameter of 20, some of which the image's border cuts. */
const image: Image = {
  ...{ width: 150, height: 110, channels: 1, depth: 8 },
  data: Uint8Array.from(
    { length: 150 * 110 },
    (_, at) =>
      Math.hypot(at % 150 % 40 - 30, at / 150 % 40 - 18) < 10 ? 240 : 0,
  ),
};

Deno.test("takeLook() measures objects that lie in its parts whole", async () => {
  const reader = imageReaderOf(image);
  const parts = [{ x: 0, y: 0, width: 90, height: 90 }];
  const { look, highest } = await takeLook({ reader, scale: 0.5, parts }, red, {
    ...{ range, window },
  });
  assert(look && highest > 0.9);
  assertEquals([look.scale, look.objects], [0.5, 4]);
  assert(Math.abs(look.diameter - 20) < 1);
  assert(look.probability > 0.9 && look.doubt === 0);
});

Deno.test("takeLook() finds nothing where there is nothing, or everything", async () => {
  const parts = [{ x: 0, y: 0, width: 150, height: 110 }];
  for (const value of [0, 255]) {
    const data = new Uint8Array(150 * 110).fill(value);
    const reader = imageReaderOf({ ...image, data });
    const options = { range, window };
    const sight = await takeLook({ reader, scale: 1, parts }, red, options);
    assertEquals(sight.look, undefined);
    assertEquals(sight.highest > 0.5, value === 255);
  }
});

Deno.test("lookAtWhole() sees what takeLook() sees in one part, and predicts what the image's segmentation is", async () => {
  const reader = imageReaderOf(image), options = { range, window };
  const { bands, found, ...sight } = await lookAtWhole(reader, red, options);
  const parts = [{ x: 0, y: 0, width: 150, height: 110 }];
  assertEquals(
    await takeLook({ reader, scale: 1, parts }, red, options),
    sight,
  );
  assert(sight.look!.objects > 4);
  assertEquals(
    bands,
    await Array.fromAsync(segmentBands(reader, red, { ...window, range })),
  );
  const finder = new InstanceFinder(150, 110);
  assertEquals(found, bands.map((band) => finder.add(band)));
});
