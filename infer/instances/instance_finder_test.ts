import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { findInstances } from "./find_instances.ts";
import { type Field, fields } from "./fixtures/fields.ts";
import type { Instance, InstanceBand } from "./instance.ts";
import { InstanceFinder } from "./instance_finder.ts";
import type { InstanceOptions } from "./instance_options.ts";
import { labelsOf } from "./labels_of.ts";
import { settle } from "./settle.ts";

/** Gives a map to a finder in bands of these heights, over and over. */
function inBands(
  { width, height, planes }: Field,
  heights: readonly number[],
  options: InstanceOptions = {},
  onBand: (band: InstanceBand, given: number) => void = () => {},
): Instance[] {
  const finder = new InstanceFinder(width, height, options);
  const found: Instance[] = [];
  for (let y = 0, i = 0; y < height; i++) {
    const rows = Math.min(heights[i % heights.length]!, height - y);
    const [from, to] = [y * width, (y + rows) * width];
    const cut = Object.entries(planes)
      .map(([head, values]) => [head, values.subarray(from, to)]);
    const band = finder.add({
      ...{ y, width, height: rows },
      planes: Object.fromEntries(cut),
    });
    found.push(...band.instances);
    onBand(band, found.length);
    y += rows;
  }
  return found;
}

const heights = fc.array(fc.integer({ min: 1, max: 30 }), {
  minLength: 1,
  maxLength: 5,
});

/** Options that leave little out, and such that boxes are soon too large. */
const someOptions: fc.Arbitrary<InstanceOptions> = fc.record({
  minimalArea: fc.constantFrom(0, 1, 6, 20),
  maximalHole: fc.constantFrom(0, 4, 20),
  smoothing: fc.constantFrom(0, 1, 2),
  depth: fc.constantFrom(0, 0.5, 1),
  maximalBox: fc.constantFrom(2 ** 22, 400, 30),
  maximalRows: fc.constantFrom(1024, 12, 3),
});

Deno.test("InstanceFinder finds the same in bands of any heights as in one", () => {
  fc.assert(
    fc.property(fields, heights, someOptions, (field, heights, options) => {
      const whole = findInstances(field, options);
      assertEquals(inBands(field, heights, options), whole);
    }),
    { numRuns: 300 },
  );
});

Deno.test("InstanceFinder finds the same in bands of any heights with borders", () => {
  fc.assert(
    fc.property(fields, heights, someOptions, (field, heights, options) => {
      const { object } = field.planes;
      const border = object.map((value) => (17 * value) % 1);
      const bordered = { ...field, planes: { object, border } };
      const whole = findInstances(bordered, options);
      assertEquals(inBands(bordered, heights, options), whole);
    }),
  );
});

Deno.test("InstanceFinder gives no pixel to two instances, and every one above the threshold to one", () => {
  const all = fc.tuple(fields, someOptions);
  fc.assert(
    fc.property(all, ([field, options]) => {
      const { width, height, planes: { object: probability } } = field;
      const found = findInstances(field, { ...options, minimalArea: 0 });
      const owners = new Uint8Array(width * height);
      for (const each of found) {
        for (const [at, value] of each.mask.entries()) {
          const x = each.x + at % each.width;
          owners[(each.y + Math.floor(at / each.width)) * width + x]! += value;
        }
      }
      for (const [at, owned] of owners.entries()) {
        assert(owned <= 1, `${owned} owners of ${at}`);
        if (probability[at]! > 0.5) assertEquals(owned, 1);
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("InstanceFinder releases rows that no later instance touches, and all at the end", () => {
  fc.assert(
    fc.property(fields, heights, someOptions, (field, heights, options) => {
      const bands: { rows: number; given: number }[] = [];
      const found = inBands(field, heights, options, ({ rows }, given) => {
        bands.push({ rows, given });
      });
      for (const { rows, given } of bands) {
        for (const { y } of found.slice(given)) assert(y >= rows);
      }
      assertEquals(bands.at(-1)!.rows, field.height);
      assertEquals(
        found.map(({ label }) => label),
        found.map((_, at) => at + 1),
      );
    }),
  );
});

Deno.test("InstanceFinder finds the same where an image is set into a larger one", () => {
  fc.assert(
    fc.property(
      fields,
      someOptions,
      (field, { maximalBox: _, maximalRows: __, ...options }) => {
        // A frame of background, so that the border is one in both.
        const framed = (margin: number) => {
          const width = field.width + 2 * margin;
          const height = field.height + 2 * margin;
          const probability = new Float32Array(width * height);
          for (let y = 0; y < field.height; y++) {
            const row = field.planes.object.subarray(
              y * field.width,
              (y + 1) * field.width,
            );
            probability.set(row, (y + margin) * width + margin);
          }
          const planes = { object: probability };
          return findInstances({ width, height, planes }, options)
            .map(({ x, y, ...rest }) => ({
              x: x - margin,
              y: y - margin,
              ...rest,
            }));
        };
        assertEquals(framed(1), framed(7));
      },
    ),
  );
});

/** Nuclei in a grid so close that all are one component. */
function chain(columns: number, rows: number, pitch = 15): Field {
  const width = columns * pitch, height = rows * pitch;
  const probability = Float32Array.from({ length: width * height }, (_, at) => {
    const x = at % width, y = (at - x) / width;
    const middle = (pitch - 1) / 2;
    const away = Math.hypot(x % pitch - middle, y % pitch - middle);
    return away < middle + 1 ? 0.9 : 0.1;
  });
  return { width, height, planes: { object: probability } };
}

Deno.test("InstanceFinder cuts no nucleus where connected foreground is larger than its box", () => {
  const field = chain(12, 30);
  const whole = findInstances(field);
  assertEquals(whole.length, 12 * 30);
  const options = { maximalBox: field.width * 80 };
  const bounded = findInstances(field, options);
  assertEquals(bounded.length, 12 * 30);
  const [a, b] = [whole, bounded].map((instances) =>
    instances.map(({ label: _, ...each }) => each)
      .sort((a, b) => a.y - b.y || a.x - b.x)
  );
  assertEquals(a, b);
});

Deno.test("InstanceFinder cuts off an object that is larger than all bounds", () => {
  const [width, height] = [40, 300];
  const probability = new Float32Array(width * height).fill(0.75);
  const planes = { object: probability };
  const found = inBands({ width, height, planes }, [7], {
    maximalRows: 100,
  });
  assertEquals(found.map(({ y, height }) => [y, height]), [
    [0, 100],
    [100, 100],
    [200, 100],
  ]);
  assert(found.every(({ mask }) => mask.every((value) => value === 1)));
});

Deno.test("InstanceFinder loses no pixel that a filled hole alone joined to the last row of a box", () => {
  const picture = [
    "...#.#...#......#.########.###.#.##.#...#.#",
    "####..#..###.#..#.#.####..#...##.##..#.#..#",
    ".##..##.##..######.#.#..##.###.#########.#.",
    "#.##....#..###.#.##....##.##...###..###.##.",
    "...#.##...##..#....##..#..#.#.####.#.###.##",
    "..##..#....###.#...#.##.##.#.##..#...#....#",
    "#.#......#.#.###.#####.#..###.###.####..##.",
    "###.##.#..#..##.##..#####.##...####..#..###",
    "#..#.#.#####...#.##.##.###..#.##.#...###.##",
    "#...###....#......#...###.#..##.###...##..#",
  ];
  const object = Float32Array.from(
    picture.join(""),
    (c) => c === "#" ? 0.9 : 0.1,
  );
  const found = findInstances(
    { width: 43, height: 10, planes: { object } },
    {
      ...{ minimalArea: 0, maximalHole: 20, smoothing: 0, depth: 0 },
      maximalBox: 400,
    },
  );
  const { data } = labelsOf(found, 43, 10);
  const lost = object.filter((value, at) => value > 0.5 && data[at] === 0);
  assertEquals(lost.length, 0);
});

Deno.test("InstanceFinder fills a hole, but not over an object in it", () => {
  const ring = [
    "#######",
    "#.....#",
    "#.....#",
    "#..#..#",
    "#.....#",
    "#.....#",
    "#######",
  ].join("");
  const object = Float32Array.from(ring, (c) => c === "#" ? 0.9 : 0);
  const find = (options: InstanceOptions) =>
    inBands({ width: 7, height: 7, planes: { object } }, [1], options)
      .map(({ mask }) => mask.reduce((sum, value) => sum + value, 0));
  assertEquals(find({ minimalArea: 1, maximalHole: 25 }), [1, 24]);
  assertEquals(find({ minimalArea: 1, maximalHole: 24 }), [1, 24]);
  // What is too small to be an object is background.
  assertEquals(find({ minimalArea: 2, maximalHole: 25 }), [49]);
  assertEquals(find({ minimalArea: 2, maximalHole: 24 }), [24]);
});

Deno.test("InstanceFinder means the probability over pixels, without filled holes", () => {
  const object = new Float32Array([
    1,
    0.75,
    1,
    0.75,
    0.25,
    0.75,
    1,
    0.75,
    1,
  ]);
  const [instance] = inBands(
    { width: 3, height: 3, planes: { object } },
    [3],
    { minimalArea: 1 },
  );
  assertEquals(instance!.mask, new Uint8Array(9).fill(1));
  assertEquals(instance!.probability, 7 / 8);
});

Deno.test("InstanceFinder gives specks apart, and the same instances as without", () => {
  fc.assert(
    fc.property(fields, someOptions, (field, options) => {
      const { width, height } = field, band = { y: 0, ...field };
      const [own, all] = [{}, { speckArea: 3 }].map((given) => {
        const finder = new InstanceFinder(width, height, {
          ...options,
          ...given,
        });
        return finder.add(band);
      });
      assertEquals(own!.specks, undefined);
      assertEquals(all!.instances, own!.instances);
      const { minimalArea } = settle(options);
      for (const { mask } of all!.specks!) {
        const area = mask.reduce((sum, inside) => sum + inside, 0);
        assert(area >= 3);
        // Without its holes it is smaller than an instance.
        assert(minimalArea > 3);
      }
    }),
    { numRuns: 200 },
  );
  const dots = new Float32Array(60);
  dots.fill(0.9, 1, 4);
  dots.fill(0.9, 10, 16);
  dots[18] = 0.9;
  const finder = new InstanceFinder(60, 1, { minimalArea: 5, speckArea: 2 });
  const { instances, specks } = finder.add({
    ...{ y: 0, width: 60, height: 1, planes: { object: dots } },
  });
  assertEquals(instances.map(({ x }) => x), [10]);
  assertEquals(specks!.map(({ x, width }) => [x, width]), [[1, 3]]);
});

Deno.test("InstanceFinder refuses bands that are not the next ones", () => {
  const band = (
    y: number,
    width: number,
    height: number,
    { pixels = width * height, borders = 0 } = {},
  ) => ({
    ...{ y, width, height },
    planes: {
      object: new Float32Array(pixels),
      ...(borders && { border: new Float32Array(borders) }),
    },
  });
  for (
    const wrong of [
      band(1, 3, 1),
      band(0, 4, 1),
      band(0, 3, 6),
      band(0, 3, 0),
      band(0, 3, 1, { pixels: 2 }),
      band(0, 3, 1, { borders: 4 }),
    ]
  ) {
    const error = assertThrows(
      () => new InstanceFinder(3, 5).add(wrong),
      RangeError,
    );
    assertEquals(
      error.message,
      `Cannot find instances in band "${wrong.width}×${wrong.height} from row ${wrong.y}": ` +
        `found ${wrong.planes.object.length} probabilities` +
        (wrong.planes.border ? " and 4 of borders" : "") +
        ", expected rows from 0 to at most 5, 3 pixels each",
    );
  }
  const finder = new InstanceFinder(3, 5);
  finder.add(band(0, 3, 2));
  assertThrows(() => finder.add(band(0, 3, 2)), RangeError, "from 2");
  assertThrows(
    () => finder.add(band(2, 3, 1, { borders: 3 })),
    RangeError,
    "borders as in the bands before",
  );
});

Deno.test("InstanceFinder takes the heads that it is given, and names those there are", () => {
  const values = new Float32Array([0.9, 0.1, 0.9]);
  const planes = { nuclei: values, cells: new Float32Array(3) };
  const band = { y: 0, width: 3, height: 1, planes };
  const options = { minimalArea: 1 };
  const find = (object: string) =>
    new InstanceFinder(3, 1, options, { object }).add(band).instances.length;
  assertEquals([find("nuclei"), find("cells")], [2, 0]);
  assertThrows(
    () => find("object"),
    RangeError,
    'Cannot use head "object": found no head of that name, expected nuclei, cells',
  );
});

Deno.test("InstanceFinder refuses sizes and options out of range", () => {
  assertThrows(() => new InstanceFinder(0, 5), RangeError, "0×5");
  assertThrows(() => new InstanceFinder(5, 1.5), RangeError, "5×1.5");
  for (
    const options of [
      { threshold: 1.5 },
      { borderWeight: NaN },
      { smoothing: -1 },
      { depth: Infinity },
      { minimalArea: 0.5 },
      { maximalHole: -1 },
      { maximalBox: NaN },
      { maximalRows: 2.5 },
    ]
  ) {
    const [[name, value]] = Object.entries(options) as [[string, number]];
    assertThrows(
      () => new InstanceFinder(5, 5, options),
      RangeError,
      `found ${name} ${value}, expected`,
    );
  }
});
