import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { findInstances } from "./find_instances.ts";
import { InstanceFinder } from "./instance_finder.ts";
import type { Instance } from "./instance.ts";
import type { InstanceOptions } from "./instance_options.ts";

const [width, height] = [60, 90], channels = 3;
const heads = { classes: { name: "kind", channels } };

/** Numbers in 0…1 that look random. */
function createNoise(seed: number) {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
  const integer = (below: number): number => Math.floor(below * next());
  return { next, integer };
}

/** Discs that touch one another, and random probabilities of classes. */
function drawn(seed: number) {
  const random = createNoise(seed);
  const discs = Array.from({ length: 14 }, () => ({
    x: random.integer(width),
    y: random.integer(height),
    radius: 3 + random.integer(6),
  }));
  const object = new Float32Array(width * height);
  const kind = new Float32Array(width * height * channels);
  for (let at = 0; at < object.length; at++) {
    const x = at % width, y = Math.floor(at / width);
    const isIn = discs.some((disc) =>
      Math.hypot(x - disc.x, y - disc.y) < disc.radius
    );
    object[at] = isIn && random.next() > 0.02 ? 0.9 : 0.1;
    for (let c = 0; c < channels; c++) {
      kind[at * channels + c] = random.next();
    }
  }
  return { object, kind };
}

/** The instances of an image whose rows come in bands. */
function inBands(
  { object, kind }: ReturnType<typeof drawn>,
  rows: number,
  options: InstanceOptions,
): Instance[] {
  const finder = new InstanceFinder(width, height, options, heads);
  const found: Instance[] = [];
  for (let y = 0; y < height; y += rows) {
    const end = Math.min(height, y + rows) * width, from = y * width;
    found.push(
      ...finder.add({
        ...{ y, width, height: Math.min(rows, height - y) },
        planes: {
          object: object.subarray(from, end),
          kind: kind.subarray(from * channels, end * channels),
        },
      }).instances,
    );
  }
  return found;
}

/** The class by a plain loop over the pixels of the whole image. */
function votedClass(
  { object, kind }: ReturnType<typeof drawn>,
  instance: Instance,
): number {
  const sums = [0, 0, 0];
  instance.mask.forEach((inside, place) => {
    const x = instance.x + place % instance.width;
    const y = instance.y + Math.floor(place / instance.width);
    const at = y * width + x;
    // Pixels of filled holes have no vote.
    if (inside !== 1 || object[at]! <= 0.5) return;
    for (let c = 0; c < channels; c++) sums[c]! += kind[at * channels + c]!;
  });
  return sums[2]! > sums[1]! ? 2 : 1;
}

Deno.test("instances take the class that is the most probable over their pixels, however rows are cut", () =>
  fc.assert(
    fc.property(
      fc.nat(1000),
      fc.integer({ min: 1, max: 90 }),
      fc.constantFrom(2 ** 22, 300),
      (seed, rows, maximalBox) => {
        const image = drawn(seed);
        const options = { minimalArea: 5, maximalBox };
        const found = inBands(image, rows, options);
        assert(found.length > 0);
        for (const instance of found) {
          assertEquals(instance.class, votedClass(image, instance));
        }
        assertEquals(found, inBands(image, height, options));
      },
    ),
    { numRuns: 40 },
  ));

Deno.test("instances have no class unless a head of classes is named", () => {
  const planes = drawn(1), image = { width, height, planes };
  assert(findInstances(image).every((one) => !("class" in one)));
  const classes = findInstances(image, {}, heads).map((one) => one.class);
  assertEquals(new Set(classes), new Set([1, 2]));
});

Deno.test("instances are not found in classes of another number of channels", () => {
  const { object, kind } = drawn(1);
  assertThrows(
    () =>
      findInstances({ width, height, planes: { object, kind } }, {}, {
        classes: { name: "kind", channels: 4 },
      }),
    RangeError,
    `found 5400 probabilities and ${kind.length} of classes`,
  );
});
