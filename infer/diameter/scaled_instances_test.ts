import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { findInstances } from "../instances/find_instances.ts";
import { settle } from "../instances/settle.ts";
import { scaledInstances } from "./scaled_instances.ts";

Deno.test("scaledInstances() changes areas with the square of the size, and lengths with the size", () => {
  const { threshold, maximalBox, ...own } = settle({ minimalArea: 30 });
  const scaled = scaledInstances({ threshold, maximalBox, ...own }, 0.25);
  assertEquals(scaled, {
    ...{ threshold, maximalBox, maximalRows: own.maximalRows },
    ...{ minimalArea: 480, maximalHole: 320 },
    ...{ smoothing: 4, depth: 3, borderWeight: 20 },
  });
});

Deno.test("scaledInstances() keeps lengths where the network saw the image enlarged", () => {
  const { minimalArea, ...others } = scaledInstances(settle({}), 2);
  assertEquals(minimalArea, 5);
  assertEquals(others, { ...others, smoothing: 1, depth: 0.75 });
});

Deno.test("scaledInstances() keeps what is in pixels of the image already", () => {
  const own = settle({ minimalArea: 50, depth: 2 });
  const kept = ["minimalArea", "depth"] as const;
  const { minimalArea, depth, smoothing } = scaledInstances(own, 0.5, kept);
  assertEquals([minimalArea, depth, smoothing], [50, 2, 2]);
});

Deno.test("scaledInstances() gives settings that there may be, at every scale", () => {
  const scales = fc.double({ min: 1e-4, max: 8, noNaN: true });
  fc.assert(fc.property(scales, (scale) => {
    settle(scaledInstances(settle({}), scale));
  }));
});

Deno.test("scaledInstances() finds as many objects in an enlarged image as in the image", () => {
  const side = 60;
  const discs = (size: number) => {
    const inside = (x: number, y: number) =>
      [[17, 30], [31, 30], [50, 10]].some(([a, b]) =>
        Math.hypot(x - a!, y - b!) < 8
      ) || Math.hypot(x - 5, y - 5) < 2;
    const object = Float32Array.from(
      { length: (side * size) ** 2 },
      (_, at) => {
        const x = (at % (side * size) + 0.5) / size;
        const y = (Math.floor(at / (side * size)) + 0.5) / size;
        return inside(x, y) ? 0.9 : 0.1;
      },
    );
    return { width: side * size, height: side * size, planes: { object } };
  };
  const settings = settle({});
  // The two that touch, the one alone, and not the speck.
  assertEquals(findInstances(discs(1), settings).length, 3);
  assertEquals(
    findInstances(discs(4), scaledInstances(settings, 1 / 4)).length,
    3,
  );
  assert(findInstances(discs(4), settings).length > 3);
});
