import {
  assert,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import type { Image, Labels } from "@unet/data";
import { createRandom } from "@unet/random";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { noiseSample, nothing } from "./fixtures/noise_sample.ts";
import warps from "./fixtures/warps.json" with { type: "json" };
import type { TransformOptions } from "./settings.ts";
import {
  alwaysOptionsOf,
  type Augmentation,
  augmentations,
  transformOptionsOf,
} from "./augmentations.ts";
import { transform } from "./transform.ts";

const always = { probability: 1 };
const channelCounts = [1, 3, 4] as const;
const depths = [8, 16, 32] as const;

/** What a pixel of the output should be, written out pixel by pixel. */
function rearranged(
  { image, labels }: { image: Image; labels: Labels },
  sourceOf: (x: number, y: number) => [number, number],
) {
  const { width, height, channels } = image;
  const data = image.data.slice(), instances = labels.data.slice();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [fromX, fromY] = sourceOf(x, y);
      const to = y * width + x, from = fromY * width + fromX;
      instances[to] = labels.data[from]!;
      for (let c = 0; c < channels; c++) {
        data[to * channels + c] = image.data[from * channels + c]!;
      }
    }
  }
  return { image: { ...image, data }, labels: { ...labels, data: instances } };
}

function apply(
  { image, labels }: { image: Image; labels: Labels },
  options: TransformOptions,
  ...stream: number[]
) {
  return transform(image, labels, createRandom(1, ...stream), {
    ...nothing,
    ...options,
  });
}

Deno.test("transform() mirrors exactly, and twice is the original, for every kind of image", () => {
  for (const channels of channelCounts) {
    for (const depth of depths) {
      const sample = noiseSample(7, 4, channels, depth);
      const flips = [
        [{ horizontalFlip: always }, (x: number, y: number) => [6 - x, y]],
        [{ verticalFlip: always }, (x: number, y: number) => [x, 3 - y]],
        [
          { horizontalFlip: always, verticalFlip: always },
          (x: number, y: number) => [6 - x, 3 - y],
        ],
      ] as [TransformOptions, (x: number, y: number) => [number, number]][];
      for (const [options, sourceOf] of flips) {
        const flipped = apply(sample, options);
        assertEquals(flipped, rearranged(sample, sourceOf));
        assertEquals(apply(flipped, options), sample);
      }
    }
  }
});

Deno.test("transform() turns a square by 90°, 180° and 270° counterclockwise without changing a value", () => {
  const turns: [number, (x: number, y: number) => [number, number]][] = [
    [90, (x, y) => [4 - y, x]],
    [180, (x, y) => [4 - x, 4 - y]],
    [270, (x, y) => [y, 4 - x]],
    [-90, (x, y) => [y, 4 - x]],
    [360, (x, y) => [x, y]],
  ];
  for (const depth of depths) {
    const sample = noiseSample(5, 5, 3, depth);
    for (const [degrees, sourceOf] of turns) {
      assertEquals(
        apply(sample, { rotation: { ...always, range: [degrees, degrees] } }),
        rearranged(sample, sourceOf),
      );
    }
  }
});

Deno.test("transform() makes all three quarter turns equally often", () => {
  const { image, labels } = noiseSample(4, 4);
  const places = new Map<number, number>();
  labels.data.set(Array.from({ length: 16 }, (_, pixel) => pixel));
  const random = createRandom(3);
  for (let i = 0; i < 3000; i++) {
    const corner = transform(image, labels, random, {
      ...nothing,
      quarterTurn: always,
    }).labels.data[0]!;
    places.set(corner, (places.get(corner) ?? 0) + 1);
  }
  assertEquals([...places.keys()].sort((a, b) => a - b), [3, 12, 15]);
  for (const count of places.values()) assert(count > 900 && count < 1100);
});

Deno.test("transform() rotates and magnifies as SciPy does, to half a gray level, labels exactly", () => {
  const { width, height } = warps;
  const sample = {
    image: {
      width,
      height,
      channels: 3 as const,
      depth: 8 as const,
      data: Uint8Array.from(warps.image),
    },
    labels: { width, height, data: Uint32Array.from(warps.labels) },
  };
  for (const { degrees, scale, image, labels } of warps.rotations) {
    const ours = apply(sample, {
      rotation: { ...always, range: [degrees, degrees] },
      scaling: { ...always, range: [scale, scale] },
    });
    assertEquals([...ours.labels.data], labels);
    image.forEach((value, i) => {
      const difference = Math.abs(ours.image.data[i]! - value);
      assert(difference <= 0.5001, `${degrees}°, value ${i}: ${difference}`);
    });
  }
});

Deno.test("transform() gives the same for the same stream, whatever the order of its options", () => {
  const { image, labels } = noiseSample(40, 30);
  const options: TransformOptions = {
    rotation: { probability: 0.9 },
    elastic: { probability: 0.9 },
    gamma: { probability: 0.5 },
    erasing: { fill: "noise" },
  };
  const backwards = Object.fromEntries(Object.entries(options).reverse());
  const results = Array.from({ length: 10 }, (_, stream) => {
    const once = transform(image, labels, createRandom(5, stream), options);
    const again = transform(image, labels, createRandom(5, stream), backwards);
    assertEquals(once, again);
    return once;
  });
  assertNotEquals(results[0], results[1]);
});

Deno.test("transform() returns an equal copy when every probability is 0", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 9 }),
    fc.constantFrom(...channelCounts),
    fc.constantFrom(...depths),
    (width, height, channels, depth) => {
      const sample = noiseSample(width, height, channels, depth);
      const copy = apply(sample, {});
      assertEquals(copy, sample);
      assert(copy.image.data.buffer !== sample.image.data.buffer);
      assert(copy.labels.data.buffer !== sample.labels.data.buffer);
    },
  ));
});

Deno.test("transform() does each of the five half of the time by default, and always at probability 1", () => {
  const { image, labels } = noiseSample(16, 12);
  const five = [
    "horizontalFlip",
    "verticalFlip",
    "rotation",
    "erasing",
    "elastic",
  ] as const;
  for (const name of five) {
    const options = { ...nothing, [name]: {} };
    const random = createRandom(8);
    let changed = 0;
    for (let i = 0; i < 2000; i++) {
      const result = transform(image, labels, random, options);
      if (result.image.data.some((value, j) => value !== image.data[j])) {
        changed++;
      }
    }
    assert(changed > 900 && changed < 1100, `${name}: ${changed} of 2000`);
    for (let i = 0; i < 50; i++) {
      const result = apply({ image, labels }, { [name]: always }, i);
      assertNotEquals(result.image.data, image.data, name);
    }
  }
});

Deno.test("transform() leaves its input as it was, a Buffer too", () => {
  const options: TransformOptions = {
    erasing: { ...always, labels: "clear" },
    brightness: { ...always, range: [0.1, 0.2] },
  };
  const { image, labels } = noiseSample(12, 9);
  for (const rotation of [{ probability: 0 }, always]) {
    const buffer: Image = { ...image, data: Buffer.from(image.data) };
    const before = [[...buffer.data], [...labels.data]];
    const result = apply({ image: buffer, labels }, { ...options, rotation });
    assertEquals([[...buffer.data], [...labels.data]], before);
    assertNotEquals([...result.image.data], before[0]);
    assertEquals(result.image.data.constructor, Uint8Array);
  }
});

const anyOptions: fc.Arbitrary<TransformOptions> = fc.record({
  horizontalFlip: fc.record({ probability: fc.constantFrom(0, 1) }),
  rotation: fc.record({ probability: fc.constantFrom(0, 1) }),
  elastic: fc.record({
    probability: fc.constantFrom(0, 1),
    spacing: fc.integer({ min: 4, max: 40 }),
    sigma: fc.constant([0.5, 1] as const),
  }),
  scaling: fc.record({ probability: fc.constantFrom(0, 1) }),
  erasing: fc.constant({ probability: 0 }),
  border: fc.constantFrom("reflect" as const, 0),
});
const anySize = fc.integer({ min: 1, max: 40 });

Deno.test("transform() moves image and labels together", () => {
  fc.assert(fc.property(
    anySize,
    anySize,
    anyOptions,
    fc.integer(),
    (width, height, options, seed) => {
      const { labels: noise } = noiseSample(width, height);
      const labels = { ...noise, data: noise.data.map((id) => id && 1) };
      const painted: Image = {
        width,
        height,
        channels: 1,
        depth: 32,
        data: Float32Array.from(labels.data),
      };
      const result = transform(painted, labels, createRandom(seed), options);
      // The nearest of the four pixels has at least a quarter of the weight.
      result.labels.data.forEach((label, i) => {
        const value = result.image.data[i]!;
        assert(label === 1 ? value > 0.2499 : value < 0.7501);
      });
    },
  ));
});

Deno.test("transform() invents no label and no value beyond the image's own", () => {
  fc.assert(fc.property(
    anySize,
    anySize,
    fc.constantFrom(...channelCounts),
    fc.constantFrom(...depths),
    anyOptions,
    fc.integer(),
    (width, height, channels, depth, options, seed) => {
      const { image, labels } = noiseSample(width, height, channels, depth);
      const result = transform(image, labels, createRandom(seed), {
        ...options,
        border: "reflect",
      });
      const ids = new Set(labels.data);
      assert(result.labels.data.every((id) => ids.has(id)));
      const low = Math.min(...image.data), high = Math.max(...image.data);
      for (const value of result.image.data) {
        assert(value >= low - 1e-6 && value <= high + 1e-6);
      }
      assertEquals(
        { ...result.image, data: 0 },
        { width, height, channels, depth, data: 0 },
      );
    },
  ));
});

Deno.test("transform() keeps a flat image flat, at full scale too", () => {
  for (const depth of [8, 16] as const) {
    const sample = noiseSample(33, 21, 3, depth);
    sample.image.data.fill(2 ** depth - 1);
    const result = apply(sample, { rotation: always, elastic: always });
    assertEquals(result.image, sample.image);
  }
});

Deno.test("transform() shows the border value, background and no alpha outside the image", () => {
  const sample = noiseSample(20, 20, 4);
  sample.image.data.fill(200);
  sample.labels.data.fill(5);
  const { image, labels } = apply(sample, {
    rotation: { ...always, range: [45, 45] },
    border: 17,
  });
  assertEquals([...image.data.slice(0, 4)], [17, 17, 17, 0]);
  assertEquals(labels.data[0], 0);
  const center = 10 * 20 + 10;
  assertEquals([...image.data.slice(4 * center, 4 * center + 4)], [
    200,
    200,
    200,
    200,
  ]);
  assertEquals(labels.data[center], 5);
});

Deno.test("transform() shows the edge pixel up to its own border, half a pixel out", () => {
  const labels = { width: 3, height: 1, data: new Uint32Array([1, 2, 3]) };
  const image: Image = {
    width: 3,
    height: 1,
    channels: 1,
    depth: 8,
    data: new Uint8Array([10, 20, 30]),
  };
  const shrunk = (scale: number) =>
    apply({ image, labels }, {
      scaling: { ...always, range: [scale, scale] },
      border: 99,
    });
  // Sources −0.25, 1 and 2.25, then −1, 1 and 3.
  assertEquals([...shrunk(0.8).image.data], [10, 20, 30]);
  assertEquals([...shrunk(0.8).labels.data], [1, 2, 3]);
  assertEquals([...shrunk(0.5).image.data], [99, 20, 99]);
  assertEquals([...shrunk(0.5).labels.data], [0, 2, 0]);
});

Deno.test("transform() reflects without repeating the edge", () => {
  const labels = { width: 3, height: 1, data: new Uint32Array([1, 2, 3]) };
  const image: Image = {
    width: 3,
    height: 1,
    channels: 1,
    depth: 8,
    data: new Uint8Array([10, 20, 30]),
  };
  const result = apply({ image, labels }, {
    scaling: { ...always, range: [0.25, 0.25] },
  });
  // Sources −3, 1 and 5 of … 20 30 20 | 10 20 30 | 20 10 20 …
  assertEquals([...result.image.data], [20, 20, 20]);
  assertEquals([...result.labels.data], [2, 2, 2]);
});

Deno.test("transform() refuses images and labels that do not fit", () => {
  const { image, labels } = noiseSample(4, 3);
  const refused: [Image, Labels, string][] = [
    [
      { ...image, data: new Uint8Array(35) },
      labels,
      'Cannot transform image "4×3×3, 8 bits": found 35 values, expected 36',
    ],
    [
      { ...image, depth: 16 },
      labels,
      'Cannot transform image "4×3×3, 16 bits": found Uint8Array, expected Uint16Array',
    ],
    [
      { ...image, channels: 2 as 1 },
      labels,
      'Cannot transform image "4×3×2, 8 bits": found 2 channels, expected 1, 3 or 4',
    ],
    [
      { ...image, width: 0, data: new Uint8Array(0) },
      labels,
      'Cannot transform image "0×3×3, 8 bits": found no pixels, expected a width and height from 1',
    ],
    [
      image,
      { ...labels, width: 3, height: 4 },
      'Cannot transform labels "3×4": found another size than the image\'s, expected 4×3',
    ],
    [
      image,
      { ...labels, data: new Uint32Array(11) },
      'Cannot transform labels "4×3": found 11 values in Uint32Array, expected 12 in Uint32Array',
    ],
  ];
  for (const [wrongImage, wrongLabels, message] of refused) {
    assertThrows(
      () => transform(wrongImage, wrongLabels, createRandom(0)),
      TypeError,
      message,
    );
  }
});

Deno.test("transform() refuses a fill that the image cannot hold", () => {
  const { image, labels } = noiseSample(4, 3);
  assertThrows(
    () => transform(image, labels, createRandom(0), { border: 256 }),
    RangeError,
    'Cannot use option "border": found 256, expected a whole number from 0 to 255 for 8 bits',
  );
  assertThrows(
    () => transform(image, labels, createRandom(0), { erasing: { fill: 0.5 } }),
    RangeError,
    'Cannot use option "erasing.fill": found 0.5, expected a whole number from 0 to 255 for 8 bits',
  );
  const { image: floats } = noiseSample(4, 3, 3, 32);
  transform(floats, labels, createRandom(0), { border: -0.5 });
});

Deno.test("changes of values keep labels, sizes, alpha and the range that an image can hold", () => {
  const names = [
    ...["hed", "hue", "channel-shuffle", "gray", "invert", "local-contrast"],
    ...["strong-gamma", "uneven-light", "blur", "noise", "jpeg"],
    "object-contrast",
  ] as Augmentation[];
  fc.assert(fc.property(
    anySize,
    anySize,
    fc.constantFrom(...channelCounts),
    fc.constantFrom(...depths),
    fc.constantFrom(...names),
    fc.integer(),
    (width, height, channels, depth, name, seed) => {
      const sample = noiseSample(width, height, channels, depth);
      const before = structuredClone(sample);
      const certain = alwaysOptionsOf(name);
      const run = () =>
        transform(sample.image, sample.labels, createRandom(seed), certain);
      const once = run();
      assertEquals(once, run());
      assertEquals(sample, before);
      assertEquals(once.labels, before.labels);
      assertEquals({ ...once.image, data: 0 }, { ...before.image, data: 0 });
      assert(once.image.data.every(Number.isFinite));
      if (channels !== 4) return;
      for (let i = 3; i < before.image.data.length; i += 4) {
        assertEquals(once.image.data[i], before.image.data[i]);
      }
    },
  ));
});

Deno.test("changes that are off draw nothing, so that older settings give what they gave", () => {
  const { image, labels } = noiseSample(20, 20);
  const random = createRandom(3), counted = createRandom(3);
  transform(image, labels, random, nothing);
  // Geometry's six coins, three of tone, one of erasing.
  for (let i = 0; i < 10; i++) counted.next();
  assertEquals(random.state(), counted.state());
});

Deno.test("transform() does to separate channels what it does to each of them alone", () => {
  // Noise is drawn anew for each channel.
  const ownDraws = ["noise", "shotNoise"];
  const all: TransformOptions = {
    ...Object.fromEntries(
      augmentations.flatMap((name) =>
        Object.entries(transformOptionsOf([name]))
          .filter(([option, change]) =>
            (change as { probability: number }).probability > 0 &&
            !ownDraws.includes(option)
          ).map(([option]) => [option, always])
      ),
    ),
    border: 0.25,
    erasing: { probability: 1, fill: "mean" },
  };
  for (const channels of [1, 2, 4, 5]) {
    for (const seed of [1, 2, 3]) {
      const { image, labels } = noiseSample(40, 31, channels, 32);
      const whole = transform(
        { ...image, isSeparate: true },
        labels,
        createRandom(seed),
        all,
      );
      assertEquals(
        [whole.image.channels, whole.image.isSeparate],
        [channels, true],
      );
      for (let channel = 0; channel < channels; channel++) {
        const pick = (data: Image["data"]): Float32Array =>
          Float32Array.from(data.filter((_, at) => at % channels === channel));
        const alone = transform(
          { ...image, channels: 1, data: pick(image.data) },
          labels,
          createRandom(seed),
          all,
        );
        assertEquals(pick(whole.image.data), alone.image.data);
        assertEquals(whole.labels, alone.labels);
      }
    }
  }
});
