import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
} from "@std/assert";
import { channelRanges, type Image, normalizeChannels } from "@unet/data";
import fc from "fast-check";
import { twoHeads } from "../fixtures/two_heads.ts";
import type { Band } from "./band.ts";
import { pixelsOf, type PixelSource } from "./pixel_source.ts";
import { objectHead, type Predict } from "./predict.ts";
import { segmentBands, type SegmentBandsOptions } from "./segment_bands.ts";
import { segmentImage } from "./segment_image.ts";
import type { WindowOptions } from "./window_plan.ts";
import { withFlips } from "./with_flips.ts";

const range = { low: 0, high: 255 };

function noise(width: number, height: number): Image {
  const data = Uint8Array.from(
    { length: width * height },
    (_, at) => (at * 2654435761 >>> 13) % 256,
  );
  return { width, height, channels: 1, depth: 8, data };
}

/** Depends on the window's place, as a network with zero padding does. */
const placed: Predict = (x, [, height, width]) =>
  Promise.resolve(
    Float32Array.from({ length: x.length / 3 }, (_, at) => {
      const column = at % width, row = Math.floor(at / width) % height;
      return (x[at * 3]! + column / width + row / height) / 3;
    }),
  );

/** The red channel, and one minus it. */
const two: Predict = Object.assign(
  (x: Float32Array) =>
    Promise.resolve(
      x.filter((_, at) => at % 3 !== 2).map((value, at) =>
        at % 2 === 0 ? value : 1 - value
      ),
    ),
  { heads: twoHeads },
);

async function bandsOf(
  source: PixelSource,
  predict: Predict,
  options: Partial<SegmentBandsOptions> = {},
): Promise<Band[]> {
  const bands = segmentBands(source, predict, { range, ...options });
  return await Array.fromAsync(bands);
}

const anyCut = fc.record({
  width: fc.integer({ min: 1, max: 60 }),
  height: fc.integer({ min: 1, max: 60 }),
  options: fc.oneof(
    fc.record<WindowOptions>({
      tile: fc.integer({ min: 4, max: 30 }),
      margin: fc.integer({ min: 0, max: 8 }),
      multiple: fc.constantFrom(1, 8),
    }),
    fc.record<WindowOptions>({
      tile: fc.integer({ min: 4, max: 30 }),
      margin: fc.integer({ min: 0, max: 4 }),
      overlap: fc.constantFrom(0.25, 0.5, 0.75),
      blend: fc.constantFrom("gaussian" as const, "linear" as const),
      multiple: fc.constantFrom(1, 8),
    }),
    fc.constant<WindowOptions>({ context: "reflect", tile: 16, margin: 8 }),
  ),
});

Deno.test("segmentBands() gives each row once, from the top, whatever the cut", async () => {
  await fc.assert(
    fc.asyncProperty(anyCut, async ({ width, height, options }) => {
      const image = noise(width, height);
      const bands = await bandsOf(pixelsOf(image), two, options);
      let y = 0;
      for (const band of bands) {
        assertEquals([band.y, band.width], [y, width]);
        const { object, border } = band.planes;
        assertEquals(object!.length, band.height * width);
        object!.forEach((value, at) => {
          const pixel = image.data[y * width + at]! / 255;
          assertAlmostEquals(value, pixel, 1e-5);
          assertAlmostEquals(border![at]!, 1 - pixel, 1e-5);
          assert(value <= 1);
        });
        y += band.height;
      }
      assertEquals(y, height);
    }),
  );
});

Deno.test("segmentBands() continues at any band with the same bits", async () => {
  await fc.assert(
    fc.asyncProperty(
      anyCut,
      fc.nat(9),
      async ({ width, height, options }, which) => {
        const source = pixelsOf(noise(width, height));
        const whole = await bandsOf(source, placed, options);
        const { y: from } = whole[which % whole.length]!;
        const rest = await bandsOf(source, placed, { ...options, from });
        assertEquals(rest, whole.filter((band) => band.y >= from));
      },
    ),
  );
});

/** A network in a thread of its own, which answers later and in order. */
function apart(predict: Predict, ahead: number): {
  readonly predict: Predict;
  /** Batches that were given and not answered at once, at most. */
  most(): number;
} {
  let under = 0, most = 0, last: Promise<unknown> = Promise.resolve();
  const own: Predict = async (given, shape) => {
    most = Math.max(most, ++under);
    const x = given.slice(), before = last;
    const said = before.then(() => predict(x, shape));
    last = said.catch(() => {});
    try {
      return await said;
    } finally {
      under--;
    }
  };
  const { heads } = predict;
  return {
    predict: Object.assign(own, { ahead, ...(heads && { heads }) }),
    most: () => most,
  };
}

Deno.test("segmentBands() gives the same bits where a network takes batches ahead, and no more of them at once", async () => {
  await fc.assert(
    fc.asyncProperty(
      anyCut,
      fc.integer({ min: 0, max: 4 }),
      fc.constantFrom(two, placed, withFlips(placed, 4)),
      async ({ width, height, options }, ahead, predict) => {
        const source = pixelsOf(noise(width, height));
        const given = { ...options, batchSize: 1 };
        const expected = await bandsOf(source, predict, given);
        const network = apart(predict, ahead);
        assertEquals(await bandsOf(source, network.predict, given), expected);
        assert(network.most() <= ahead + 1, `${network.most()}`);
      },
    ),
    { numRuns: 40 },
  );
});

Deno.test("segmentBands() fails where a batch fails that was given ahead, after the rows before it", async () => {
  const source = pixelsOf(noise(16, 64)), options = { tile: 16, margin: 0 };
  let calls = 0;
  const { predict } = apart((x, shape) => {
    if (++calls === 3) return Promise.reject(new Error("broken"));
    return placed(x, shape);
  }, 3);
  const rows: number[] = [];
  await assertRejects(
    async () => {
      const bands = segmentBands(source, predict, { range, ...options });
      for await (const band of bands) rows.push(band.y);
    },
    Error,
    "broken",
  );
  assertEquals(rows, [0, 16]);
  // Whoever stops early hears nothing of what is still under way.
  for await (const _ of segmentBands(source, predict, { range, ...options })) {
    calls = 0;
    break;
  }
});

Deno.test("segmentBands() gives nothing where all rows are there already", async () => {
  const source = pixelsOf(noise(9, 7));
  assertEquals(await bandsOf(source, placed, { from: 7 }), []);
  await assertRejects(
    () => bandsOf(source, placed, { from: 8 }),
    RangeError,
    "Cannot segment image: found first row 8, expected an integer in 0…7",
  );
});

Deno.test("segmentBands() reads each row of a high image once, and a row of windows at a time", async () => {
  const image = pixelsOf(noise(40, 1000));
  const reads: number[] = [];
  let most = 0;
  const source: PixelSource = {
    ...image,
    read(x, y, width, height) {
      assertEquals([x, width], [0, 40]);
      most = Math.max(most, height);
      for (let row = y; row < y + height; row++) reads.push(row);
      return image.read(x, y, width, height);
    },
  };
  for (const overlap of [0, 0.5]) {
    reads.length = most = 0;
    await bandsOf(source, placed, { tile: 48, margin: 8, overlap });
    assertEquals(reads, Array.from({ length: 1000 }, (_, row) => row));
    assert(most <= 64);
  }
});

Deno.test("segmentBands() with an overlap has no seam where a network depends on the place in its window", async () => {
  // A flat image, of which each window says a slope; its steps are the seams.
  const flat: Image = {
    width: 200,
    height: 1,
    channels: 1,
    depth: 8,
    data: new Uint8Array(200).fill(90),
  };
  const slope: Predict = (x, [, , width]) =>
    Promise.resolve(
      Float32Array.from(
        { length: x.length / 3 },
        (_, at) => (at % width) / width,
      ),
    );
  const step = async (options: WindowOptions) => {
    const { planes: { object } } = await segmentImage(flat, slope, options);
    return Math.max(
      ...object!.slice(1).map((value, at) => Math.abs(value - object![at]!)),
    );
  };
  assert(await step({ tile: 32, margin: 0 }) > 0.9);
  const overlap = { tile: 32, overlap: 0.5 };
  assert(await step({ ...overlap, blend: "linear" }) < 0.1);
  assert(await step({ ...overlap, blend: "gaussian" }) < 0.15);
});

Deno.test("segmentBands() passes on what the source throws", async () => {
  const source: PixelSource = {
    width: 5,
    height: 5,
    read: () => Promise.reject(new Error("gone")),
  };
  await assertRejects(() => bandsOf(source, placed), Error, "gone");
});

Deno.test("segmentBands() uses the range that it is given", async () => {
  const data = new Uint16Array([0, 1000, 4000]);
  const image: Image = { width: 3, height: 1, channels: 1, depth: 16, data };
  const [band] = await bandsOf(pixelsOf(image), two, {
    range: { low: 0, high: 4000 },
  });
  assertEquals([...band!.planes.object!], [0, 64 / 255, 1].map(Math.fround));
});

/** The second channel, where its network looks at channels and no color. */
function second(count: number): Predict {
  return Object.assign(
    (x: Float32Array) =>
      Promise.resolve(
        x.filter((_, at) => at % count === Math.min(1, count - 1)),
      ),
    {
      heads: [objectHead],
      input: {
        channels: Array.from({ length: count }, (_, at) => ({ name: `${at}` })),
        normalization: "percentiles" as const,
      },
    },
  );
}

Deno.test("segmentImage() shows each separate channel normalized by the whole image, however it is cut", async () => {
  for (const count of [1, 2, 4, 7]) {
    const width = 90, height = 70;
    const data = Uint16Array.from(
      { length: width * height * count },
      (_, at) => (at * 2654435761 >>> 17) + at % count * 9000,
    );
    const image: Image = {
      ...{ width, height, channels: count, depth: 16, isSeparate: true, data },
    };
    const seen = normalizeChannels(image, channelRanges(image)).data;
    const expected = seen.filter((_, at) =>
      at % count === Math.min(1, count - 1)
    );
    const cuts = [{ tile: 16, margin: 4 }, { tile: 64, overlap: 0.5 }, {}];
    for (const cut of cuts) {
      const { planes } = await segmentImage(image, second(count), cut);
      planes.object!.forEach((value, at) =>
        assertAlmostEquals(value, expected[at]!, 1e-6)
      );
    }
    const flipped = await segmentImage(image, withFlips(second(count), 8), {});
    flipped.planes.object!.forEach((value, at) =>
      assertAlmostEquals(value, expected[at]!, 1e-6)
    );
  }
});

Deno.test("segmentBands() refuses color for a network of channels, and other channels", async () => {
  const source = pixelsOf(noise(8, 8));
  const cases = [
    [second(2), range, "found color, expected 2 separate channels"],
    [placed, [range], "found 1 separate channel, expected color"],
    [
      second(2),
      [range],
      "found 1 separate channel, expected 2 separate channels",
    ],
  ] as const;
  for (const [predict, range, message] of cases) {
    await assertRejects(
      () => bandsOf(source, predict, { range }),
      RangeError,
      `Cannot segment image: ${message}, which the network takes`,
    );
  }
});
