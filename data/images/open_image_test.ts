import { assert, assertEquals, assertRejects } from "@std/assert";
import { crc32 } from "node:zlib";
import { fromFileUrl } from "@std/path";
import fc from "fast-check";
import { FileError } from "@unet/errors";
import { cropImage } from "./crop_image.ts";
import { encodePng } from "./encode_png.ts";
import { temporaryFolder } from "../fixtures/temporary_folder.ts";
import { openImage } from "./open_image.ts";
import type { OpenImageOptions } from "./opened_image.ts";
import type { Image } from "../types.ts";
import cases from "../fixtures/tiff.json" with { type: "json" };

/** What a fixture should give, as the script beside it wrote it. */
interface Case {
  readonly file: string;
  readonly about: string;
  readonly options: OpenImageOptions;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly depth: number;
  readonly crc: number;
  readonly tiled: boolean;
  readonly names?: readonly string[];
  readonly planes?: number;
  readonly times?: number;
  readonly levels?: readonly (readonly [number, number])[];
  readonly pixelSize?: readonly [number, number] | null;
}

const fixture = (name: string): string =>
  fromFileUrl(new URL(`../fixtures/tiff/${name}`, import.meta.url));

function crcOf({ data }: Image): number {
  return crc32(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

for (const one of cases as unknown as Case[]) {
  Deno.test(`openImage() reads ${one.about} (${one.file}) as tifffile does`, async () => {
    await using reader = await openImage(fixture(one.file), one.options);
    const { width, height, channels, depth } = reader;
    assertEquals([width, height, channels, depth], [
      ...[one.width, one.height, one.channels, one.depth],
    ]);
    const whole = await reader.read(0, 0, width, height);
    assertEquals(crcOf(whole), one.crc);
    assertEquals(reader.tiled, one.tiled);
    if (one.names) assertEquals(reader.channelNames, one.names);
    if (one.planes) assertEquals(reader.planes, one.planes);
    if (one.times) assertEquals(reader.times, one.times);
    if (one.levels) {
      const sizes = reader.levels.map(({ width, height }) => [width, height]);
      assertEquals(sizes, one.levels as [number, number][]);
    }
    if (one.pixelSize !== undefined) {
      const size = reader.pixelSize;
      const found = size ? [size.x, size.y] : null;
      const digits = (sizes: readonly number[] | null) =>
        sizes?.map((each) => each.toPrecision(5));
      assertEquals(digits(found), digits(one.pixelSize));
    }
    const inside = fc.tuple(fc.nat(width - 1), fc.nat(height - 1)).chain(
      ([x, y]) =>
        fc.tuple(
          fc.constant(x),
          fc.constant(y),
          fc.integer({ min: 1, max: width - x }),
          fc.integer({ min: 1, max: height - y }),
        ),
    );
    await fc.assert(
      fc.asyncProperty(inside, async ([x, y, width, height]) => {
        const window = await reader.read(x, y, width, height);
        assertEquals(window, cropImage(whole, { x, y, width, height }));
      }),
      { numRuns: 8 },
    );
  });
}

/** Messages of files that can be read, but not so. */
const refusals: readonly (readonly [string, OpenImageOptions, string])[] = [
  [
    "five-channels.tif",
    {},
    'found 5 channels (0 "channel 0", 1 "channel 1", 2 "channel 2", 3 "channel 3", 4 "channel 4"), expected color or gray; choose one by `channel`: its number or name, or max or mean of all; or several by `channels`',
  ],
  [
    "stack.ome.tif",
    {},
    'found 2 channels (0 "DAPI", 1 "FITC <488>"), expected color or gray; choose one by `channel`: its number or name, or max or mean of all; or several by `channels`',
  ],
  [
    "three-channels.ome.tif",
    {},
    'found 3 channels (0 "channel 0", 1 "channel 1", 2 "channel 2"), expected color or gray; choose one by `channel`: its number or name, or max or mean of all; or several by `channels`',
  ],
  [
    "stack.ome.tif",
    { channel: 2 },
    'found 2 channels (0 "DAPI", 1 "FITC <488>"), expected channel 2',
  ],
  [
    "stack.ome.tif",
    { channel: "Cy5" },
    'found 2 channels (0 "DAPI", 1 "FITC <488>"), expected a channel "Cy5"',
  ],
  [
    "stack.ome.tif",
    { channel: 0, plane: 3 },
    "found planes 0 to 2, expected plane 3",
  ],
  [
    "stack.ome.tif",
    { channel: 0, time: 2 },
    "found times 0 to 1, expected time 2",
  ],
  [
    "pyramid.ome.tif",
    { level: 3 },
    "found levels 0 to 2, expected level 3",
  ],
  ["webp.tif", { level: 1 }, "found one level, expected level 1"],
  [
    "webp.tif",
    { channel: 3 },
    'found 3 channels (0 "red", 1 "green", 2 "blue"), expected channel 3',
  ],
  [
    "webp.tif",
    { maxPixels: 1023 },
    "found pieces of 32×32 pixels, expected at most 1023 in all",
  ],
  [
    "pillow-p.tif",
    { maxPixels: 2799 },
    "found 70×40 pixels, expected at most 2799 in all; cut it into pieces",
  ],
];

for (const [name, options, found] of refusals) {
  Deno.test(`openImage() refuses ${name} with ${JSON.stringify(options)}`, async () => {
    const path = fixture(name);
    const error = await assertRejects(
      () => openImage(path, options),
      FileError,
    );
    assertEquals(error.message, `Cannot read image "${path}": ${found}`);
  });
}

Deno.test("openImage() reads PNG, JPEG, WebP and GIF whole, by their content", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/image.tif`;
  const data = Uint16Array.from({ length: 60 }, (_, at) => at * 1000);
  const image = { width: 5, height: 4, channels: 3, depth: 16, data } as const;
  await Deno.writeFile(path, await encodePng(image));
  await using reader = await openImage(path);
  assertEquals([reader.tiled, reader.levels, reader.channelNames], [
    ...[false, [{ width: 5, height: 4 }], ["red", "green", "blue"]],
  ]);
  assertEquals(await reader.read(0, 0, 5, 4), image);
  assertEquals(
    await reader.read(1, 2, 3, 1),
    cropImage(image, { x: 1, y: 2, width: 3, height: 1 }),
  );
  await using red = await openImage(path, { channel: 0 });
  assertEquals([...(await red.read(0, 0, 2, 1)).data], [0, 3000]);
  await using mean = await openImage(path, { channel: "mean" });
  assertEquals([...(await mean.read(0, 0, 2, 1)).data], [1000, 4000]);
  await assertRejects(
    () => openImage(path, { level: 1 }),
    FileError,
    "found one level, expected level 1",
  );
});

Deno.test("openImage() reads again and at once what it keeps or forgot, the same", async () => {
  const path = fixture("lzw-predictor-u2.tif");
  await using kept = await openImage(path);
  await using forgetful = await openImage(path, { cacheBytes: 0 });
  const { width, height } = kept;
  const whole = await kept.read(0, 0, width, height);
  const windows = Array.from({ length: 40 }, (_, at) => ({
    x: at,
    y: at % 20,
    width: width - at,
    height: 10,
  }));
  for (const reader of [kept, forgetful]) {
    const read = await Promise.all(
      windows.map(({ x, y, width, height }) =>
        reader.read(x, y, width, height)
      ),
    );
    for (const [at, window] of read.entries()) {
      assertEquals(window, cropImage(whole, windows[at]!));
    }
  }
});

Deno.test("openImage() refuses windows that are empty or reach out", async () => {
  for (const name of ["webp.tif", "pillow-p.tif"]) {
    await using reader = await openImage(fixture(name));
    for (
      const [x, y, width, height] of [
        ...[[0, 0, 71, 1], [0, 0, 0, 1], [-1, 0, 1, 1], [69, 39, 1, 2]],
      ] as [number, number, number, number][]
    ) {
      await assertRejects(
        () => reader.read(x, y, width, height),
        RangeError,
        `Cannot read window: found ${width}×${height} at (${x}, ${y}), expected whole numbers inside 70×40`,
      );
    }
  }
});

Deno.test("openImage() refuses options that are no numbers from 0", async () => {
  const path = fixture("webp.tif");
  for (
    const options of [
      ...[{ level: -1 }, { plane: 0.5 }, { time: NaN }, { channel: -1 }],
      { maxPixels: -5 },
      { plane: "min" as "max" },
    ] as OpenImageOptions[]
  ) {
    await assertRejects(
      () => openImage(path, options),
      RangeError,
      "Cannot open image: found ",
    );
  }
});

Deno.test("openImage() says what is wrong with a path", async () => {
  await using folder = await temporaryFolder();
  const { path } = folder;
  await Deno.writeTextFile(`${path}/text.tif`, "no image");
  await Deno.writeFile(`${path}/empty.tif`, new Uint8Array(0));
  await Deno.writeTextFile(`${path}/header.tif`, "II*\0");
  for (
    const [name, found] of [
      ["absent.tif", "no such file or folder"],
      ["", "a folder"],
      ["text.tif", "a text file, expected PNG, JPEG, TIFF, WebP or GIF"],
      ["empty.tif", "an empty file, expected PNG, JPEG, TIFF, WebP or GIF"],
      [
        "header.tif",
        "a damaged TIFF (no whole header), expected a complete file",
      ],
    ] as const
  ) {
    const error = await assertRejects(
      () => openImage(`${path}/${name}`),
      FileError,
    );
    assert(error.message.includes(`found ${found}`), error.message);
  }
});
