import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { assertThrows } from "@std/assert";
import fc from "fast-check";
import { unlabeled } from "./class_target.ts";
import { noDistance, rayDistances } from "./ray_distances.ts";
import type { Labels } from "../types.ts";

/** A disk, and a small one that touches it from the right. */
function twoDisks(radius: number): { labels: Labels; center: number } {
  const size = 4 * radius + 9, middle = 2 * radius + 4;
  const data = new Uint32Array(size * size);
  for (let at = 0; at < data.length; at++) {
    const x = at % size, y = Math.floor(at / size);
    if (Math.hypot(x - middle, y - middle) <= radius) data[at] = 7;
    else if (Math.hypot(x - middle - radius - 3, y - middle) <= 3) data[at] = 9;
  }
  const labels = { width: size, height: size, data };
  return { labels, center: middle * size + middle };
}

/** Steps of a hundredth of a pixel along a straight ray. */
function straight(
  { width, height, data }: Labels,
  at: number,
  angle: number,
): number {
  const x = at % width, y = Math.floor(at / width);
  for (let far = 0;; far += 0.01) {
    const column = Math.round(x + far * Math.cos(angle));
    const row = Math.round(y + far * Math.sin(angle));
    const isIn = column >= 0 && row >= 0 && column < width && row < height;
    if (!isIn || data[row * width + column] !== data[at]) return far;
  }
}

for (const radius of [4, 9, 20]) {
  Deno.test(`rayDistances() from the center of a disk of radius ${radius} are that radius`, () => {
    const { labels, center } = twoDisks(radius);
    const distances = rayDistances(labels)
      .subarray(32 * center, 32 * center + 32);
    for (const value of distances) {
      assertAlmostEquals(Math.expm1(value), radius, 1.3);
    }
  });
}

Deno.test("rayDistances() is within two pixels of straight rays on disks that touch, and far closer on average", () => {
  const { labels } = twoDisks(12), rays = 32;
  const distances = rayDistances(labels, { rays });
  let errors = 0, count = 0;
  labels.data.forEach((label, at) => {
    if (label === 0) return;
    for (let ray = 0; ray < rays; ray++) {
      const found = Math.expm1(distances[rays * at + ray]!);
      const expected = straight(labels, at, 2 * Math.PI * ray / rays);
      // Along an edge, half a pixel aside decides where a ray leaves.
      if (expected > 2) {
        errors += Math.abs(found - expected);
        count++;
      }
    }
  });
  assert(errors / count < 0.6, `${errors / count}`);
});

Deno.test("rayDistances() along rows and columns are exact", () => {
  const data = Uint32Array.of(1, 1, 1, 0, 1, 1, 0, 0, 0, 1, 2, 2);
  const labels = { width: 4, height: 3, data };
  const distances = rayDistances(labels, { rays: 4 });
  data.forEach((label, at) => {
    if (label === 0) return;
    [[1, 0], [0, 1], [-1, 0], [0, -1]].forEach(([dx, dy], ray) => {
      const x = at % 4, y = Math.floor(at / 4);
      let steps = 0;
      const isOwn = (n: number): boolean => {
        const column = x + n * dx!, row = y + n * dy!;
        return column >= 0 && row >= 0 && column < 4 && row < 3 &&
          data[row * 4 + column] === label;
      };
      while (isOwn(steps + 1)) steps++;
      assertAlmostEquals(
        distances[4 * at + ray]!,
        Math.log(1.5 + steps),
        1e-6,
      );
    });
  });
});

Deno.test("rayDistances() of a turned image are the same rays, a quarter on", () => {
  fc.assert(fc.property(
    fc.uint32Array({ minLength: 49, maxLength: 49 }),
    (numbers) => {
      const data = numbers.map((value) => value % 3);
      const turned = new Uint32Array(49);
      const place = (at: number): number =>
        (at % 7) * 7 + 6 - Math.floor(at / 7);
      data.forEach((label, at) => turned[place(at)] = label);
      const size = { width: 7, height: 7 };
      const before = rayDistances({ ...size, data }, { rays: 4 });
      const after = rayDistances({ ...size, data: turned }, { rays: 4 });
      data.forEach((_, at) => {
        for (let ray = 0; ray < 4; ray++) {
          assertEquals(
            after[4 * place(at) + (ray + 1) % 4],
            before[4 * at + ray],
          );
        }
      });
    },
  ));
});

Deno.test("rayDistances() are above 0 on objects and nothing elsewhere", () => {
  const { labels } = twoDisks(5);
  const distances = rayDistances(labels, { rays: 8 });
  labels.data.forEach((label, at) => {
    for (const value of distances.subarray(8 * at, 8 * at + 8)) {
      if (label === 0) assertEquals(value, noDistance);
      else assert(value > 0);
    }
  });
});

Deno.test("rayDistances() says nothing of objects that may continue where nothing is labeled", () => {
  const data = Uint32Array.of(1, 1, 0, 2, 2, unlabeled);
  const distances = rayDistances({ width: 6, height: 1, data }, { rays: 4 });
  const isKnown = [...data.keys()].map((at) => distances[4 * at]! > 0);
  assertEquals(isKnown, [true, true, false, false, false, false]);
});

Deno.test("rayDistances() refuses rays that are no even number from 4", () => {
  const labels = { width: 1, height: 1, data: Uint32Array.of(1) };
  for (const rays of [0, 2, 7, 8.5, NaN]) {
    assertThrows(
      () => rayDistances(labels, { rays }),
      RangeError,
      `found ${rays} rays, expected an even number from 4`,
    );
  }
});
