import { assert, assertEquals, assertThrows } from "@std/assert";
import { instanceOf, readReferences } from "./fixtures/sample_instances.ts";
import { type Extent, measureInstance } from "./measure_instance.ts";

/** Relative to the number, or to 1: what sums in another order differ by. */
const tolerance = 1e-9;

function assertNear(found: number, expected: number, name: string) {
  const allowed = tolerance * Math.max(1, Math.abs(expected));
  assert(
    Math.abs(found - expected) <= allowed,
    `${name}: ${found}, ${expected}`,
  );
}

function assertExtent(
  found: Extent | undefined,
  expected: Partial<Record<keyof Extent, number>>,
  name: string,
) {
  for (const [key, value] of Object.entries(expected)) {
    assertNear(found?.[key as keyof Extent] ?? NaN, value, `${name} ${key}`);
  }
}

for (const { name, x, y, rows, measured } of await readReferences()) {
  Deno.test(`measureInstance() measures "${name}" as scikit-image does`, () => {
    const instance = instanceOf(rows, { x, y });
    const { width, height } = instance;
    const data = new Uint16Array(width * height * 3);
    data.forEach((_, i) => {
      const pixel = Math.floor(i / 3);
      data[i] = 7 * (x + pixel % width) +
        3 * (y + Math.floor(pixel / width)) + 50 * (i % 3);
    });
    const pixels = { width, height, channels: 3, depth: 16, data } as const;
    const found = measureInstance(instance, {
      channels: ["a", "b", "c"].map((name, sample) => ({
        ...{ name, pixels, sample },
      })),
      pixelSize: { x: 0.25, y: 0.25 },
    });
    assertExtent(found.pixels, measured.pixels, "pixels");
    assertExtent(found.micrometers, measured.square, "micrometers");
    assertNear(found.eccentricity, measured.eccentricity, "eccentricity");
    assertNear(found.solidity, measured.solidity, "solidity");
    assertEquals(found.intensities.length, 3);
    found.intensities.forEach(({ mean, min, max, std, sum }, channel) => {
      assertNear(mean, measured.mean[channel]!, "mean");
      assertNear(std, measured.std[channel]!, "standard deviation");
      assertEquals([min, max, sum], [
        measured.min[channel],
        measured.max[channel],
        measured.sum[channel],
      ]);
    });
    const oblong = measureInstance(instance, {
      pixelSize: { x: 0.25, y: 0.5 },
    });
    assertExtent(oblong.micrometers, measured.oblong, "oblong");
    assertEquals(oblong.micrometers?.perimeter, undefined);
  });
}

Deno.test("measureInstance() reports the box, the probability, and the channels asked for", () => {
  const instance = instanceOf(["#."], { label: 9, x: 3, y: 4 });
  const data = new Uint8Array([1, 2, 3, 200, 9, 9, 9, 9]);
  const pixels = { width: 2, height: 1, channels: 4, depth: 8, data } as const;
  const found = measureInstance(instance, {
    channels: [
      ...[{ name: "blue", pixels, sample: 2 }, { name: "red", pixels }],
    ],
  });
  const { label, x, y, width, height, probability } = found;
  assertEquals([label, x, y, width, height, probability], [
    ...[9, 3, 4, 2, 1, 0.75],
  ]);
  const single = (value: number) => ({
    ...{ mean: value, min: value, max: value, std: 0, sum: value },
  });
  assertEquals(found.intensities, [
    { channel: "blue", ...single(3) },
    { channel: "red", ...single(1) },
  ]);
  assertEquals(found.micrometers, undefined);
});

Deno.test("measureInstance() keeps values that are no numbers", () => {
  const pixels = {
    ...{ width: 2, height: 1, channels: 1, depth: 32 } as const,
    data: new Float32Array([1, NaN]),
  };
  const { intensities } = measureInstance(instanceOf(["##"]), {
    channels: [{ name: "a", pixels }],
  });
  assertEquals(intensities, [
    { channel: "a", mean: NaN, min: NaN, max: NaN, std: NaN, sum: NaN },
  ]);
});

Deno.test("measureInstance() measures 16 bits and large sums without rounding", () => {
  const side = 300, value = 65535;
  const instance = instanceOf(Array(side).fill("#".repeat(side)));
  const data = new Uint16Array(side ** 2).fill(value);
  const pixels = {
    ...{ width: side, height: side, channels: 1, depth: 16, data } as const,
  };
  const [found] = measureInstance(instance, {
    channels: [{ name: "a", pixels }],
  }).intensities;
  assertEquals(found, {
    ...{ channel: "a", mean: value, min: value, max: value, std: 0 },
    sum: value * side ** 2,
  });
});

Deno.test("measureInstance() refuses pixels of another box, and what is no object", () => {
  const pixels = {
    ...{ width: 1, height: 2, channels: 1, depth: 8 } as const,
    data: new Uint8Array(2),
  };
  assertThrows(
    () =>
      measureInstance(instanceOf(["##"]), {
        channels: [{ name: "a", pixels }],
      }),
    RangeError,
    "Cannot measure object 1: found 2 values of 1×2 pixels, expected 2×1 with 1 each",
  );
  assertThrows(
    () => measureInstance(instanceOf(["."])),
    RangeError,
    "Cannot measure object 1: found an empty mask",
  );
});
