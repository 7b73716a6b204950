import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { channelRangesOf } from "./channel_ranges_of.ts";
import {
  channelRanges,
  drawChannels,
  normalizeChannels,
} from "./channel_values.ts";
import { encodePng } from "./encode_png.ts";
import { intensitiesOf, pictureOf } from "./intensities.ts";
import { openImage } from "./open_image.ts";
import { readerOf } from "../fixtures/reader_of.ts";
import { temporaryFolder } from "../fixtures/temporary_folder.ts";
import type { Image } from "../types.ts";
import cases from "../fixtures/channel_ranges.json" with { type: "json" };

const arrays = { 8: Uint8Array, 16: Uint16Array, 32: Float32Array };

function imageOf(
  { width, height, channels, depth, data }: typeof cases[0],
): Image {
  const values = data.map((value) => value ?? NaN);
  const array = arrays[depth as 8 | 16 | 32];
  return {
    ...{ width, height, channels, depth: depth as 8 | 16 | 32 },
    isSeparate: true,
    data: array.from(values),
  };
}

for (const one of cases) {
  Deno.test(`channelRanges() gives numpy's percentiles of each channel of ${one.name}, whole and in windows`, async () => {
    const image = imageOf(one);
    const expected = one.low.map((low, at) => ({ low, high: one.high[at]! }));
    assertEquals(channelRanges(image), expected);
    assertEquals(await channelRangesOf(readerOf(image)), expected);
    assertEquals(intensitiesOf(image), expected);
  });

  Deno.test(`normalizeChannels() gives numpy's values of ${one.name}`, () => {
    const image = imageOf(one), before = image.data.slice();
    const seen = normalizeChannels(image, channelRanges(image));
    assertEquals([seen.depth, seen.isSeparate], [32, true]);
    seen.data.forEach((value, at) =>
      assertAlmostEquals(value, one.seen[at]!, 1e-6)
    );
    assertEquals(image.data, before);
  });
}

Deno.test("normalizeChannels() gives 0 where a channel has one value, whatever it is", () => {
  for (const value of [0, 7, 65535]) {
    const image: Image = {
      ...{ width: 3, height: 2, channels: 2, depth: 16, isSeparate: true },
      data: Uint16Array.from({ length: 12 }, (_, at) => at % 2 ? value : at),
    };
    const { data } = normalizeChannels(image, channelRanges(image));
    assertEquals(data.filter((_, at) => at % 2 === 1), new Float32Array(6));
    assertEquals([data[0], data[10]], [0, 1]);
  }
  const nothing: Image = {
    ...{ width: 2, height: 1, channels: 1, depth: 32 },
    data: new Float32Array([NaN, Infinity]),
  };
  assertEquals(
    [...normalizeChannels(nothing, channelRanges(nothing)).data],
    [0, 0],
  );
});

Deno.test("channelRanges() takes the smallest and largest value where few pixels differ from the background", () => {
  const data = new Uint16Array(10_000).fill(5);
  data[77] = 900;
  const image = {
    width: 100,
    height: 100,
    channels: 1,
    depth: 16,
    data,
  } as const;
  assertEquals(channelRanges(image), [{ low: 5, high: 900 }]);
});

Deno.test("channelRanges() of one channel do not depend on those beside it", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 5 }),
    fc.array(fc.float(), { minLength: 1, maxLength: 60 }),
    (channels, values) => {
      const size = { width: values.length, height: 1, depth: 32 } as const;
      const single = { ...size, channels: 1, data: Float32Array.from(values) };
      const all = {
        ...{ ...size, channels },
        data: Float32Array.from(
          { length: values.length * channels },
          (_, at) => {
            const value = values[Math.floor(at / channels)]!;
            // Adding 0 would turn −0 around.
            return at % channels === 0 ? value : value + at % channels * 3;
          },
        ),
      };
      assertEquals(channelRanges(all)[0], channelRanges(single)[0]);
      for (const value of normalizeChannels(all, channelRanges(all)).data) {
        assert(value >= 0 && value <= 1);
      }
    },
  ));
});

Deno.test("drawChannels() paints one channel gray, two magenta and green, more red, green, blue, cyan, magenta, yellow", () => {
  const draw = (channels: number): number[][] => {
    // A pixel per channel, in which it alone is bright.
    const data = new Uint8Array(channels * channels);
    for (let at = 0; at < channels; at++) data[at * channels + at] = 50;
    const drawn = drawChannels({
      width: channels,
      height: 1,
      channels,
      depth: 8,
      data,
    });
    return Array.from(
      { length: channels },
      (_, at) => [...drawn.data.subarray(3 * at, 3 * at + 3)],
    );
  };
  assertEquals(draw(2), [[255, 0, 255], [0, 255, 0]]);
  const six = [
    ...[[255, 0, 0], [0, 255, 0], [0, 0, 255]],
    ...[[0, 255, 255], [255, 0, 255], [255, 255, 0]],
  ];
  assertEquals(draw(3), six.slice(0, 3));
  assertEquals(draw(4), six.slice(0, 4));
  assertEquals(draw(6), six);
  assertEquals(draw(7), [...six, [0, 0, 0]]);
  const gray = drawChannels({
    ...{ width: 3, height: 1, channels: 1, depth: 16 },
    data: new Uint16Array([0, 500, 1000]),
  });
  assertEquals([...gray.data], [0, 0, 0, 128, 128, 128, 255, 255, 255]);
});

Deno.test("drawChannels() adds up what lies on one pixel, by the ranges of the whole image", () => {
  const image = { width: 1, height: 1, channels: 2, depth: 8 } as const;
  const ranges = [{ low: 0, high: 100 }, { low: 0, high: 200 }];
  const data = new Uint8Array([40, 200]);
  const drawn = drawChannels({ ...image, data }, ranges);
  assertEquals([...drawn.data], [102, 255, 102]);
  assertEquals(pictureOf({ ...image, data }, ranges), drawn);
});

Deno.test("normalizeChannels() refuses another number of ranges than of channels", () => {
  const data = new Uint8Array(2);
  assertThrows(
    () =>
      normalizeChannels({ width: 1, height: 1, channels: 2, depth: 8, data }, [
        { low: 0, high: 1 },
      ]),
    RangeError,
    "Cannot normalize channels: found 1 ranges for 2 channels, expected one each",
  );
});

Deno.test("encodePng() refuses separate channels that a PNG would take for transparency", async () => {
  await using folder = await temporaryFolder();
  const rgba = { width: 1, height: 1, channels: 4, depth: 8 } as const;
  const png = await encodePng({ ...rgba, data: new Uint8Array([1, 2, 3, 4]) });
  await Deno.writeFile(`${folder.path}/a.png`, png);
  const channels = ["alpha", "red", "green", "blue"];
  await using reader = await openImage(`${folder.path}/a.png`, { channels });
  const image = await reader.read(0, 0, 1, 1);
  assertEquals([...image.data], [4, 1, 2, 3]);
  const { name, message } = await encodePng(image).then(
    () => new Error("written"),
    (error) => error,
  );
  assertEquals([name, message], [
    "TypeError",
    "Cannot encode image as PNG: found 4 channels, expected gray, or color with or without alpha",
  ]);
});
