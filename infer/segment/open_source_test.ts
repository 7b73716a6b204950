import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import type { IntensityRange } from "@unet/data";
import { FileError } from "@unet/errors";
import { openSource } from "./open_source.ts";
import { TiffWriter } from "../outputs/tiff_writer.ts";

/** A gray TIFF with a pyramid, a bright square in black margins. */
async function withPyramid(
  work: (path: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "cells.tif"), width = 400, height = 300;
    const tiff = await TiffWriter.open(path, {
      width,
      height,
      type: "uint8",
      tile: 64,
      pyramid: "mean",
      pixelSize: { x: 0.25, y: 0.25 },
    });
    await tiff.writeRows(
      Uint8Array.from({ length: width * height }, (_, at) => {
        const x = at % width, y = Math.floor(at / width);
        return x >= 40 && x < 360 && y >= 20 && y < 300 ? 100 + x % 50 : 0;
      }),
    );
    await tiff.finish();
    await work(path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("openSource() shows the network the image as it is, unless asked to change it", () =>
  withPyramid(async (path) => {
    await using source = await openSource(path, {});
    assertEquals([source.seen.width, source.seen.height], [400, 300]);
    assertEquals(source.part, { x: 0, y: 0, width: 400, height: 300 });
    assertEquals(source.pixelSize, { x: 0.25, y: 0.25 });
    assertEquals(source.range, { low: 0, high: 255 });
  }));

Deno.test("openSource() takes the level of a pyramid that is next to the network's pixel size", () =>
  withPyramid(async (path) => {
    for (const pixelSize of [0.5, 0.6, 1, 0.125]) {
      await using source = await openSource(path, { pixelSize });
      const factor = 0.25 / pixelSize;
      assertEquals(source.seen.width, Math.round(400 * factor));
      assertEquals(source.seen.height, Math.round(300 * factor));
      assertEquals([source.image.width, source.image.height], [400, 300]);
      const { data } = await source.seen.read(
        Math.round(200 * factor),
        Math.round(150 * factor),
        1,
        1,
      );
      // 100 to 149 in the square, whatever the scale.
      assertEquals(data[0]! >= 95 && data[0]! <= 155, true, `${data[0]}`);
    }
  }));

Deno.test("openSource() leaves margins out, and rescales what is left", () =>
  withPyramid(async (path) => {
    await using source = await openSource(path, {
      cropBorders: true,
      pixelSize: 0.5,
    });
    assertEquals(source.part, { x: 40, y: 20, width: 320, height: 280 });
    assertEquals([source.seen.width, source.seen.height], [160, 140]);
    const { data } = await source.seen.read(0, 0, 160, 140);
    assertEquals(data.every((value) => value >= 95), true);
  }));

Deno.test("openSource() believes the given pixel size more than the file", () =>
  withPyramid(async (path) => {
    await using source = await openSource(path, {
      imagePixelSize: 1,
      pixelSize: 2,
    });
    assertEquals(source.pixelSize, { x: 1, y: 1 });
    assertEquals(source.seen.width, 200);
  }));

Deno.test("openSource() refuses a level that is not there, and closes the file", () =>
  withPyramid(async (path) => {
    await assertRejects(() => openSource(path, { level: 9 }), FileError, path);
  }));

Deno.test("openSource() refuses to rescale by more than a hundred, which would take for ever", () =>
  withPyramid(async (path) => {
    for (const [imagePixelSize, pixelSize] of [[101, 1], [1, 101]] as const) {
      await assertRejects(
        () => openSource(path, { imagePixelSize, pixelSize }),
        FileError,
        `found pixels of ${imagePixelSize} µm, expected at most 100 times ` +
          `larger or smaller than the network's ${pixelSize} µm`,
      );
    }
  }));

Deno.test("openSource() by color-percentiles takes a slide's range from the tissue of a low level", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "slide.tif"), width = 4200, height = 4100;
    const tiff = await TiffWriter.open(path, {
      ...{
        width,
        height,
        type: "uint8",
        channels: 3,
        tile: 512,
        pyramid: "mean",
      },
    });
    const line = new Uint8Array(width * 3);
    for (let y = 0; y < height; y++) {
      // One twentieth is tissue, with nuclei of 64 pixels a side.
      const isTissue = y >= 2000 && y < 2208;
      for (let x = 0; x < width; x++) {
        const isNucleus = x % 256 < 64 && y % 128 < 64;
        const color = !isTissue
          ? [240, 238, 241]
          : isNucleus
          ? [90, 50, 130]
          : [210, 150, 190];
        line.set(color, 3 * x);
      }
      await tiff.writeRows(line);
    }
    await tiff.finish();
    const normalization = "color-percentiles";
    await using slide = await openSource(path, { normalization });
    assertEquals(slide.range, { low: 50, high: 210 });
    // A part of it, and a level that is no slide any more, by its own values.
    await using cut = await openSource(path, {
      ...{ normalization, cropBorders: true },
    });
    assertEquals(cut.range, slide.range);
    await using low = await openSource(path, { normalization, level: 2 });
    assertEquals((low.range as IntensityRange).high, 241);
    await using old = await openSource(path, {});
    assertEquals(old.range, { low: 0, high: 255 });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
