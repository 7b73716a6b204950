/**
 * bioimage.io packages as other programs write them, run by `segment`'s
 * network for such packages, against what bioimageio.core computed of them
 * (`predict_foreign_packages.py`).
 */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { openForeignNetwork } from "@unet/app/foreign-network";
import type { Image, ImageReader } from "@unet/data";
import {
  foreign,
  foreignImage,
  writeForeignPackages,
} from "./write_foreign_packages.ts";
import stored from "./fixtures/foreign_packages.json" with { type: "json" };

let folder = "";

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir({ prefix: "unet-foreign-" });
  await writeForeignPackages(folder);
});

Deno.test.afterAll(async () => {
  await Deno.remove(folder, { recursive: true });
});

for (const name of Object.keys(foreign) as (keyof typeof stored)[]) {
  Deno.test(`a package of others gives what bioimageio.core computes: ${name}`, async () => {
    const { shape: [, channels = 0, height = 0, width = 0], values } =
      stored[name];
    const planes = foreignImage(), pixels = width * height;
    const image: Image = {
      ...{ width, height, channels: 2, depth: 32, isSeparate: true },
      data: Float32Array.from(
        planes,
        (_, at) => planes[(at % 2) * pixels + (at >> 1)]!,
      ),
    };
    const reader = {
      ...image,
      path: "test",
      tiled: false,
      read: () => Promise.resolve(image),
    } as unknown as ImageReader;
    await using network = await openForeignNetwork(
      ...[`${folder}/${name}`, ["object", "border"]] as const,
    );
    const { predict, window } = network!;
    const margin = foreign[name]!.version === 4 ? 16 : 32;
    assertEquals(window, {
      ...{ context: "neighbors", tile: 512 - 2 * margin, margin },
    });
    const fitted = await predict.fit!(reader);
    const found = await predict(fitted.values(image), [1, height, width]);
    assertEquals(found.length, channels * pixels);
    values.forEach((value, index) => {
      const at = index * 97, channel = Math.floor(at / pixels);
      assertAlmostEquals(
        found[at % pixels * channels + channel]!,
        value,
        1e-4,
      );
    });
  });
}
