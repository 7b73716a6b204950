import { assert, assertEquals } from "@std/assert";
import { unlabeled } from "@unet/data/class-target";
import { createRandom } from "@unet/random";
import fc from "fast-check";
import { nothing } from "./fixtures/noise_sample.ts";
import { paste } from "./_paste.ts";
import { transform } from "./transform.ts";

/** Squares of some brightness on a background, instance by instance. */
function squares(
  places: readonly (readonly [left: number, top: number, side: number])[],
  { background = 20, brightness = 200, side = 48 } = {},
) {
  const labels = new Uint32Array(side * side);
  places.forEach(([left, top, length], instance) => {
    for (let y = top; y < top + length; y++) {
      labels.fill(instance + 1, y * side + left, y * side + left + length);
    }
  });
  const data = Uint8Array.from(labels, (id) => id ? brightness : background);
  return {
    image: { width: side, height: side, channels: 1, depth: 8, data },
    labels: { width: side, height: side, data: labels },
  } as const;
}

Deno.test("paste() adds whole objects beside those that are there, with numbers that follow", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 0, max: 9 }), (seed, count) => {
      const pair = squares([[10, 10, 9], [30, 5, 7]]);
      const donor = squares([[3, 3, 8], [20, 30, 6], [0, 20, 9]], {
        brightness: 150,
      });
      const before = structuredClone({ pair, donor });
      const result = paste(pair, donor, count, createRandom(seed));
      assertEquals({ pair, donor }, before);
      const areas = Map.groupBy(result.labels.data, (id) => id);
      areas.delete(0);
      const ids = [...areas.keys()].sort((a, b) => a - b);
      assertEquals(ids, ids.map((_, place) => place + 1));
      assert(ids.length >= 2 && ids.length <= 2 + count);
      assertEquals([areas.get(1)!.length, areas.get(2)!.length], [81, 49]);
      // The object that touches the donor's edge has 81 pixels.
      for (const id of ids.slice(2)) {
        assert([64, 36].includes(areas.get(id)!.length));
      }
    }),
    { numRuns: 60 },
  );
});

Deno.test("paste() brings objects to the background of their new place, edges between both", () => {
  const pair = squares([], { background: 60 });
  const donor = squares([[20, 20, 10]], { background: 20, brightness: 120 });
  const { image, labels } = paste(pair, donor, 1, createRandom(2));
  const inside = labels.data.indexOf(1) + 5 * 48 + 5;
  assertEquals(image.data[inside], 160);
  assert(image.data.every((value) => value >= 60 && value <= 160));
  const between = image.data.filter((value) => value > 60 && value < 160);
  assertEquals(between.length, 36);
});

Deno.test("paste() puts nothing where nothing is labeled or no room is", () => {
  const donor = squares([[20, 20, 10]]);
  const full = squares([[0, 0, 48]]);
  assertEquals(paste(full, donor, 5, createRandom(1)), full);
  const open = squares([]);
  open.labels.data.fill(unlabeled);
  assertEquals(paste(open, donor, 5, createRandom(1)), open);
  const small = squares([], { side: 8 });
  assertEquals(paste(small, donor, 5, createRandom(1)), small);
});

Deno.test("paste() takes nothing from an image of another depth or with other channels", () => {
  const pair = squares([]);
  const { image, labels } = squares([[20, 20, 10]]);
  const deep = {
    ...image,
    depth: 16,
    data: Uint16Array.from(image.data),
  } as const;
  assertEquals(paste(pair, { image: deep, labels }, 5, createRandom(1)), pair);
});

Deno.test("transform() pastes from the other image that it is given, or from itself", () => {
  const { image, labels } = squares([[10, 10, 9]]);
  const options = {
    ...nothing,
    paste: { probability: 1, count: [3, 3] },
  } as const;
  const areas = (data: Uint32Array) =>
    [...Map.groupBy(data, (id) => id).entries()].filter(([id]) => id > 1)
      .map(([, pixels]) => pixels.length);
  const own = transform(image, labels, createRandom(4), options);
  assert(areas(own.labels.data).length > 0);
  assert(areas(own.labels.data).every((area) => area === 81));
  const others = transform(image, labels, createRandom(4), {
    ...options,
    other: () => squares([[20, 20, 6]]),
  });
  assert(areas(others.labels.data).length > 0);
  assert(areas(others.labels.data).every((area) => area === 36));
});
