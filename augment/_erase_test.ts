import { assert, assertEquals } from "@std/assert";
import { createRandom } from "@unet/random";
import fc from "fast-check";
import { drawRegions, erase } from "./_erase.ts";
import { noiseSample } from "./fixtures/noise_sample.ts";
import { resolveTransformOptions } from "./resolve_transform_options.ts";

const usual = resolveTransformOptions().erasing;
const size = fc.integer({ min: 1, max: 80 });

Deno.test("drawRegions() stays inside the image and within the range of areas", () => {
  fc.assert(fc.property(
    size,
    size,
    fc.integer(),
    fc.double({ min: 0.001, max: 1, noNaN: true }),
    fc.double({ min: 0.001, max: 1, noNaN: true }),
    (width, height, seed, one, other) => {
      const area = [Math.min(one, other), Math.max(one, other)] as const;
      const settings = { ...usual, area, aspect: [0.1, 10] as const };
      for (
        const region of drawRegions(createRandom(seed), settings, width, height)
      ) {
        assert(region.left >= 0 && region.left + region.width <= width);
        assert(region.top >= 0 && region.top + region.height <= height);
        const pixels = region.width * region.height;
        assert(pixels >= 1);
        // Whole columns: half a column more or less.
        const slack = Math.max(1, region.height / 2);
        assert(pixels >= area[0] * width * height - slack);
        assert(pixels <= area[1] * width * height + slack);
      }
    },
  ));
});

Deno.test("drawRegions() draws every count, area, aspect and place alike", () => {
  const random = createRandom(6);
  const draws = Array.from(
    { length: 3000 },
    () => drawRegions(random, usual, 200, 200),
  );
  for (const count of [1, 2, 3]) {
    const share = draws.filter(({ length }) => length === count).length / 3000;
    assert(Math.abs(share - 1 / 3) < 0.04, `${count}: ${share}`);
  }
  const regions = draws.flat();
  const mean = (values: number[]) =>
    values.reduce((sum, value) => sum + value) / values.length;
  const area = mean(regions.map((r) => r.width * r.height / 40000));
  assert(Math.abs(area - 0.06) < 0.002, `${area}`);
  const logAspect = mean(regions.map((r) => Math.log(r.height / r.width)));
  assert(Math.abs(logAspect) < 0.04, `${logAspect}`);
  const centerX = mean(regions.map((r) => r.left + r.width / 2));
  const centerY = mean(regions.map((r) => r.top + r.height / 2));
  assert(Math.abs(centerX - 100) < 3 && Math.abs(centerY - 100) < 3);
});

const region = { left: 2, top: 1, width: 3, height: 2 };
const inside = (pixel: number, width: number) => {
  const x = pixel % width, y = Math.floor(pixel / width);
  return x >= 2 && x < 5 && y >= 1 && y < 3;
};

Deno.test("erase() paints the mean color or a value inside the region alone, alpha never", () => {
  for (const channels of [1, 3, 4] as const) {
    const colors = channels === 4 ? 3 : channels;
    for (const fill of ["mean", 9] as const) {
      const { image, labels } = noiseSample(8, 5, channels);
      const before = image.data.slice();
      const mean = (color: number) => {
        const values = [...before].filter((_, i) => i % channels === color);
        return Math.round(values.reduce((a, b) => a + b) / 40);
      };
      erase({ image, labels }, [region], { ...usual, fill }, createRandom(0));
      image.data.forEach((value, i) => {
        const color = i % channels;
        const erased = inside(Math.floor(i / channels), 8) && color < colors;
        const expected = fill === "mean" ? mean(color) : fill;
        assertEquals(value, erased ? expected : before[i]);
      });
    }
  }
});

Deno.test("erase() paints noise of the image's own colors", () => {
  for (const depth of [8, 16, 32] as const) {
    const { image, labels } = noiseSample(8, 5, 3, depth);
    const colorsOf = (pixels: number[]) =>
      pixels.map((p) => image.data.slice(3 * p, 3 * p + 3).join());
    const all = Array.from({ length: 40 }, (_, pixel) => pixel);
    const before = colorsOf(all);
    erase({ image, labels }, [region], {
      ...usual,
      fill: "noise",
    }, createRandom(0));
    const painted = colorsOf(all.filter((pixel) => inside(pixel, 8)));
    assert(painted.every((color) => before.includes(color)));
    assert(new Set(painted).size > 1);
    const outside = all.filter((pixel) => !inside(pixel, 8));
    assertEquals(colorsOf(outside), outside.map((pixel) => before[pixel]!));
  }
});

Deno.test("erase() keeps the labels, or clears them inside the region alone", () => {
  for (const erased of ["keep", "clear"] as const) {
    const { image, labels } = noiseSample(8, 5);
    labels.data.fill(4);
    erase({ image, labels }, [region], {
      ...usual,
      labels: erased,
    }, createRandom(0));
    labels.data.forEach((label, pixel) =>
      assertEquals(label, erased === "clear" && inside(pixel, 8) ? 0 : 4)
    );
  }
});
