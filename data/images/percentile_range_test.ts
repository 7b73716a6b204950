import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import reference from "../fixtures/percentile_ranges.json" with {
  type: "json",
};
import { readerOf } from "../fixtures/reader_of.ts";
import { intensitiesOf } from "./intensities.ts";
import { intensityRangeOf } from "./intensity_range_of.ts";
import { intensityRange, toRgb8 } from "./rgb8.ts";
import type { Image } from "../types.ts";

const rule = "color-percentiles";

function imageOf(
  { width, height, channels = 1, depth, values }: {
    readonly width: number;
    readonly height: number;
    readonly channels?: number;
    readonly depth: 8 | 16 | 32;
    readonly values: readonly number[];
  },
): Image {
  const data = depth === 8
    ? Uint8Array.from(values)
    : depth === 16
    ? Uint16Array.from(values)
    : Float32Array.from(values);
  return { width, height, channels, depth, data };
}

/** Normally distributed numbers around 0, the same every time. */
function* normal(count: number): Generator<number> {
  let state = 7;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  for (let at = 0; at < count; at++) {
    yield Math.sqrt(-2 * Math.log(uniform())) *
      Math.cos(2 * Math.PI * uniform());
  }
}

for (const { name, low, high, data, ...shape } of reference) {
  Deno.test(`intensityRange() by color-percentiles finds numpy's range of ${name}`, () => {
    const image = imageOf({
      ...shape,
      depth: shape.depth as 8 | 16 | 32,
      values: data.map((value) => value ?? NaN),
    });
    const found = intensityRange(image, rule);
    assertAlmostEquals(found.low, low, 1e-6 * (1 + Math.abs(low)));
    assertAlmostEquals(found.high, high, 1e-6 * (1 + Math.abs(high)));
    assertEquals(intensitiesOf(image, rule), found);
  });
}

Deno.test("intensityRangeOf() by color-percentiles gives exactly what intensityRange() gives for the whole", async () => {
  const property = fc.asyncProperty(
    // Wider than a window of the walk, too.
    fc.oneof(
      fc.integer({ min: 1, max: 90 }),
      fc.constantFrom(4096, 4097, 9000),
    ),
    fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(256, 300)),
    fc.constantFrom(1, 3, 4),
    fc.constantFrom(8 as const, 16 as const, 32 as const),
    fc.nat(1000),
    fc.constantFrom(20, 130, 250, 60000),
    async (width, height, channels, depth, seed, most) => {
      if (width * height > 100_000) height = 3;
      const image = imageOf({
        ...{ width, height, channels, depth },
        values: Array.from(
          { length: width * height * channels },
          (_, at) =>
            depth === 32 && at % 31 === 0
              ? NaN
              : ((at + seed) * 7919 % 10007) / 10007 * most,
        ),
      });
      assertEquals(
        await intensityRangeOf(readerOf(image), rule),
        intensityRange(image, rule),
      );
    },
  );
  await fc.assert(property, { numRuns: 25 });
});

for (const depth of [8, 16, 32] as const) {
  for (const [place, level] of [["dark", 0.06], ["bright", 0.92]] as const) {
    if (depth !== 8 && place === "bright") continue;
    Deno.test(`toRgb8() by color-percentiles leaves ${place} noise of ${depth} bits ${place}, and in a third of the range`, () => {
      const top = depth === 32 ? 1 : 2 ** depth - 1;
      const deviation = depth === 8 ? 3 : top / 200;
      const values = [...normal(128 * 128)].map((one) => {
        const value = level * top + deviation * one;
        return depth === 32 ? value : Math.round(value);
      });
      const image = imageOf({ width: 128, height: 128, depth, values });
      const seen = [...toRgb8(image, intensityRange(image, rule)).data].sort(
        (a, b) => a - b,
      );
      const at = (share: number) => seen[Math.floor(share * seen.length)]!;
      assert(at(0.998) - at(0.01) < 100, `${at(0.01)} to ${at(0.998)}`);
      assert(
        place === "dark" ? at(0.998) < 128 : at(0.01) > 128,
        `${at(0.01)} to ${at(0.998)}`,
      );
    });
  }
}

Deno.test("toRgb8() by color-percentiles shows dim nuclei bright beside a bright speck, which stretch-dark does not", () => {
  const width = 200, height = 200, random = [...normal(width * height)];
  const values = random.map((noise, at) => {
    const x = at % width, y = Math.floor(at / width);
    if (x < 8 && y < 8) return 255;
    const isNucleus = Math.hypot(x % 50 - 25, y % 50 - 25) < 12;
    return Math.round((isNucleus ? 35 : 6) + noise);
  });
  const image = imageOf({ width, height, depth: 8, values });
  const nucleus = (25 * width + 25) * 3;
  assert(toRgb8(image).data[nucleus]! < 45);
  assert(toRgb8(image, intensityRange(image, rule)).data[nucleus]! > 200);
});

Deno.test("toRgb8() by color-percentiles keeps hues: gray stays gray, and no channel passes another", () => {
  const values = Array.from({ length: 3000 }, (_, at) => 40 + at * 31 % 90);
  values.splice(0, 3, 70, 70, 70);
  const image = imageOf({
    ...{ width: 100, height: 10, channels: 3, depth: 8, values },
  });
  const seen = toRgb8(image, intensityRange(image, rule)).data;
  assertEquals(new Set(seen.slice(0, 3)).size, 1);
  for (let at = 0; at < values.length; at += 3) {
    assertEquals(values[at]! < values[at + 1]!, seen[at]! < seen[at + 1]!);
  }
});

for (const value of [0, 90, 255]) {
  Deno.test(`toRgb8() by color-percentiles leaves an image of the value ${value} alone as it is`, () => {
    const values = Array(100).fill(value);
    const image = imageOf({ width: 10, height: 10, depth: 8, values });
    const seen = toRgb8(image, intensityRange(image, rule)).data;
    assertEquals([...new Set(seen)], [value]);
  });
}

Deno.test("intensityRange() by color-percentiles spreads a few objects on a constant background", () => {
  const values = Array(10_000).fill(3);
  values.fill(40, 0, 9);
  const image = imageOf({ width: 100, height: 100, depth: 8, values });
  assertEquals(intensityRange(image, rule), { low: 3, high: 40 });
});
