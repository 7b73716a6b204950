import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { cacheSamples } from "../cache/cache.ts";
import fixture from "./fixtures/instance_borders.json" with { type: "json" };
import { unlabeled } from "./class_target.ts";
import { instanceBorders } from "./instance_borders.ts";
import { labelComponents } from "./label_components.ts";
import { createLoader } from "../loader/loader.ts";
import { synthesize } from "../synthesize/synthesize.ts";
import type { Batch, Labels } from "../types.ts";

for (const [name, { labels, borders, ...size }] of Object.entries(fixture)) {
  for (const [gap, expected] of Object.entries(borders)) {
    Deno.test(`instanceBorders() equals scikit-image's rims and SciPy's gaps of ${gap} with objects: ${name}`, () => {
      const data = new Uint32Array(labels);
      const actual = instanceBorders({ ...size, data }, { gap: Number(gap) });
      const found = [...actual.keys()].filter((pixel) => actual[pixel] === 1);
      assertEquals(found, expected);
    });
  }
}

/** Images of a few instances, of any shape and touching any way. */
const anyLabels: fc.Arbitrary<Labels> = fc.tuple(
  fc.integer({ min: 1, max: 12 }),
  fc.integer({ min: 1, max: 12 }),
).chain(([width, height]) =>
  fc.uint32Array({ minLength: width * height, maxLength: width * height })
    .map((data) => ({ width, height, data: data.map((value) => value % 4) }))
);

Deno.test("instanceBorders() leaves no two instances touching once borders are taken off", () => {
  fc.assert(fc.property(anyLabels, (labels) => {
    const borders = instanceBorders(labels);
    const { width, height, data } = labels;
    const mask = Uint8Array.from(
      data,
      (label, pixel) => label > 0 && borders[pixel] === 0 ? 1 : 0,
    );
    const parts = labelComponents(mask, width, height);
    const owners = new Map<number, number>();
    parts.data.forEach((part, pixel) => {
      if (part === 0) return;
      assertEquals(owners.get(part) ?? data[pixel], data[pixel]);
      owners.set(part, data[pixel]!);
    });
  }));
});

Deno.test("instanceBorders() depends on who is whose neighbor, not on numbers or the picture's turn", () => {
  fc.assert(fc.property(anyLabels, (labels) => {
    const { width, height, data } = labels;
    const expected = instanceBorders(labels);
    const renamed = data.map((label) => label === 0 ? 0 : 1000 - 7 * label);
    assertEquals(instanceBorders({ ...labels, data: renamed }), expected);
    const turn = (pixel: number): number =>
      (pixel % height) * width + (width - 1 - Math.floor(pixel / height));
    const turned = data.map((_, pixel) => data[turn(pixel)]!);
    assertEquals(
      instanceBorders({ width: height, height: width, data: turned }),
      expected.map((_, pixel) => expected[turn(pixel)]!),
    );
  }));
});

Deno.test("instanceBorders() grows with the gap, and only on background", () => {
  fc.assert(fc.property(anyLabels, fc.nat(5), (labels, gap) => {
    const less = instanceBorders(labels, { gap });
    const more = instanceBorders(labels, { gap: gap + 1.5 });
    less.forEach((border, pixel) => {
      assert(border <= more[pixel]!);
      if (border < more[pixel]!) assertEquals(labels.data[pixel], 0);
    });
  }));
});

Deno.test("instanceBorders() finds none without instances, nor at the image's edge", () => {
  const area = { width: 4, height: 3 };
  for (const label of [0, 5]) {
    const data = new Uint32Array(12).fill(label);
    assertEquals(instanceBorders({ ...area, data }), new Uint8Array(12));
  }
});

Deno.test("instanceBorders() refuses a gap that is no number from 0", () => {
  const labels = { width: 1, height: 1, data: new Uint32Array(1) };
  for (const gap of [-1, NaN, Infinity]) {
    assertThrows(
      () => instanceBorders(labels, { gap }),
      RangeError,
      `Cannot find borders: found gap ${gap}, expected a number from 0`,
    );
  }
});

/** Turns a tile by half, as an augmentation may. */
const turning = `data:text/javascript,${
  encodeURIComponent(`export function transform(image, labels) {
    return { image, labels: { ...labels, data: labels.data.toReversed() } };
  }`)
}`;

Deno.test("createLoader() gives the borders of the transformed instances when asked, the same from workers", async () => {
  const folder = await Deno.makeTempDir();
  const samples = [...synthesize({ count: 3, width: 64, height: 64, seed: 0 })];
  const cases = await cacheSamples(samples, { folder });
  const load = async (workers: number, hasBorders: boolean) => {
    const loader = createLoader({
      cases,
      size: 64,
      batchSize: 2,
      seed: 0,
      workers,
      transform: { module: turning },
      ...(hasBorders && {
        targets: [{ head: "border", target: "border", options: { gap: 2 } }],
      }),
    });
    const batches: Batch[] = [];
    for await (const batch of loader.batches(0)) batches.push(batch);
    loader.close();
    return batches;
  };
  const here = await load(0, true);
  for (const workers of [1, 2]) assertEquals(await load(workers, true), here);
  const [without] = await load(0, false);
  assertEquals(Object.keys(without!.targets), ["object"]);
  for (const { ids, targets } of here) {
    ids.forEach((id, at) => {
      const { labels } = samples.find((sample) => sample.id === id)!;
      const turned = { ...labels, data: labels.data.toReversed() };
      const own = targets.border!.subarray(at * 64 * 64, (at + 1) * 64 * 64);
      assertEquals([...own], [...instanceBorders(turned, { gap: 2 })]);
      assert(own.includes(1));
    });
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("instanceBorders() says of sparse labels only what holds however the rest is labeled", () => {
  const number = fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 3 }) },
  );
  fc.assert(fc.property(
    fc.array(fc.tuple(number, fc.nat(3)), { minLength: 40, maxLength: 40 }),
    fc.nat(4),
    (pixels, gap) => {
      const shape = { width: 8, height: 5 };
      const whole = Uint32Array.from(pixels, ([own]) => own);
      const data = Uint32Array.from(
        pixels,
        ([own, hidden]) => hidden === 0 ? unlabeled : own,
      );
      const full = instanceBorders({ ...shape, data: whole }, { gap });
      const sparse = instanceBorders({ ...shape, data }, { gap });
      for (const [at, own] of sparse.entries()) {
        if (data[at] === unlabeled) assertEquals(own, -1);
        if (own !== -1) assertEquals(own, full[at], `${at}`);
      }
    },
  ));
});

Deno.test("instanceBorders() of sparse labels knows what lies amid labeled pixels", () => {
  const data = Uint32Array.of(1, 1, 1, 2, 2, unlabeled, 0, 0, 0, 0);
  const labels = { width: 10, height: 1, data };
  assertEquals(
    [...instanceBorders(labels, { gap: 2 })],
    [0, 0, 1, 1, -1, -1, -1, -1, 0, 0],
  );
});
