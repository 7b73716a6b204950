import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { createRandom } from "@unet/random";
import { drawGeometry } from "./_geometry.ts";
import { nothing } from "./fixtures/noise_sample.ts";
import { resolveTransformOptions } from "./resolve_transform_options.ts";
import type { TransformOptions } from "./settings.ts";

const always = { probability: 1 };

function drawMany(options: TransformOptions, draws = 4000) {
  const settings = resolveTransformOptions({ ...nothing, ...options });
  const random = createRandom(7);
  return Array.from(
    { length: draws },
    () => drawGeometry(random, settings, 20, 20),
  );
}

/** The angle of an inverse counterclockwise rotation with rows downwards. */
function degreesOf([cosine, , sine]: readonly number[]): number {
  return Math.atan2(sine!, cosine!) * 180 / Math.PI;
}

Deno.test("drawGeometry() draws angles evenly over the range and keeps shape and scale", () => {
  const angles = drawMany({ rotation: { ...always, range: [-30, 60] } })
    .map(({ matrix }) => {
      const [a, b, c, d] = matrix;
      assertAlmostEquals(a * d - b * c, 1, 1e-12);
      assertAlmostEquals(a * a + b * b, 1, 1e-12);
      return degreesOf(matrix);
    });
  for (let third = 0; third < 3; third++) {
    const low = -30 + 30 * third;
    const share = angles.filter((a) => a >= low && a < low + 30).length / 4000;
    assertAlmostEquals(share, 1 / 3, 0.03);
  }
});

Deno.test("drawGeometry() draws magnifications evenly over the range", () => {
  const scales = drawMany({ scaling: { ...always, range: [0.5, 1.5] } })
    .map(({ matrix: [a, b, c, d] }) => 1 / Math.sqrt(a * d - b * c));
  assert(scales.every((scale) => scale >= 0.5 - 1e-9 && scale <= 1.5 + 1e-9));
  const below = scales.filter((scale) => scale < 1).length / 4000;
  assertAlmostEquals(below, 0.5, 0.03);
});

Deno.test("drawGeometry() tosses the coins independently", () => {
  const coin = { probability: 0.5 };
  const counts = new Map<string, number>();
  const geometries = drawMany({
    horizontalFlip: coin,
    verticalFlip: coin,
    elastic: coin,
  });
  for (const { matrix, field } of geometries) {
    const key = `${matrix[0]} ${matrix[3]} ${field !== undefined}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  assertEquals(counts.size, 8);
  for (const [key, count] of counts) {
    assert(Math.abs(count - 500) < 90, `${key}: ${count}`);
  }
});

Deno.test("drawGeometry() draws a new field each time, with sigma from its range", () => {
  const fields = drawMany({
    elastic: { ...always, spacing: 4, sigma: [0, 0.5] },
  }, 600).map(({ field }) => field!.x);
  const deviations = fields.map((x) =>
    Math.sqrt(x.reduce((sum, d) => sum + d * d, 0) / x.length)
  );
  // Nodes deviate by twice sigma: evenly from 0 to 1 here.
  const mean = deviations.reduce((a, b) => a + b) / deviations.length;
  assertAlmostEquals(mean, 0.5, 0.05);
  assert(Math.min(...deviations) < 0.05 && Math.max(...deviations) > 0.9);
});
