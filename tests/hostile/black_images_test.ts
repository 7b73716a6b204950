import { assert, assertEquals, assertLess, assertMatch } from "@std/assert";
import { dirname, join } from "@std/path";
import {
  checkDataset,
  type CheckReport,
  openDataset,
  openImage,
} from "@unet/data";
import { FileError } from "@unet/errors";
import { createRandom } from "@unet/random";
import { deflateSync } from "node:zlib";
import { blackPng, blackTiff, fourPairs } from "./_black_images.ts";
import { zipOf } from "./_files.ts";
import { grayTags, handmadeTiff } from "./_tiff.ts";
import { zipOfPacked } from "./_zip_bombs.ts";

const side = 15_000;

/** Checks a dataset that lies in a folder, as files or as one zip. */
async function check(
  files: Readonly<Record<string, Uint8Array>>,
  name = ".",
): Promise<{ report: CheckReport; seconds: number; megabytes: number }> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [path, bytes] of Object.entries(files)) {
      await Deno.mkdir(dirname(join(folder, path)), { recursive: true });
      await Deno.writeFile(join(folder, path), bytes);
    }
    const memory = Deno.memoryUsage().rss, start = performance.now();
    const dataset = await openDataset(join(folder, name));
    const report = await checkDataset(dataset);
    dataset.close();
    return {
      report,
      seconds: (performance.now() - start) / 1000,
      megabytes: (Deno.memoryUsage().rss - memory) / 1e6,
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const uncompressed = () =>
  handmadeTiff({
    directories: [grayTags(side, side)],
    data: new Uint8Array(side * side),
  });

const zips: Readonly<Record<string, [() => Uint8Array, RegExp]>> = {
  "TIFFs in a zip": [
    () => zipOfPacked(fourPairs(blackTiff(side), "tif")),
    /found 429 MB of pixels in .+ KB of files/,
  ],
  "BigTIFFs in a zip": [
    () => zipOfPacked(fourPairs(blackTiff(side, true), "tif")),
    /found 429 MB of pixels in .+ KB of files/,
  ],
  "PNGs in a zip": [
    () => zipOfPacked(fourPairs(blackPng(side), "png")),
    /found 429 MB of pixels in .+ KB of files/,
  ],
  "uncompressed TIFFs in a zip": [
    () => zipOfPacked(fourPairs(uncompressed(), "tif")),
    /found 429 MB in \d+ KB of files, .+unpack the zip/,
  ],
};

for (const [name, [make, found]] of Object.entries(zips)) {
  Deno.test(`eight black ${name}, of 15,000×15,000 pixels, are refused at once`, async () => {
    const zip = make();
    assertLess(zip.length, 4e6);
    const { report, seconds, megabytes } = await check(
      { "a.zip": zip },
      "a.zip",
    );
    assertLess(seconds, 5);
    assertLess(megabytes, 500);
    assertEquals([report.images, report.usable, report.errors], [4, 0, 4]);
    for (const { message } of report.faults) assertMatch(message, found);
  });
}

Deno.test("black images of 15,000×15,000 pixels in a folder are refused at once, and black masks of small images", async () => {
  const black = blackTiff(side);
  const small = handmadeTiff({
    directories: [grayTags(20, 15)],
    data: new Uint8Array(300),
  });
  const { report, seconds, megabytes } = await check({
    "images/a.tif": black,
    "masks/a.tif": black,
    "images/b.tif": small,
    "masks/b.tif": black,
    "images/c.tif": small,
    "masks/c.tif": small,
  });
  assertLess(seconds, 5);
  assertLess(megabytes, 500);
  assertEquals(
    report.faults.map(({ case: id, kind }) => [id, kind]),
    [["a", "too-large"], ["b", "too-large"], ["c", "empty-mask"]],
  );
});

Deno.test("a large image that stores its pixels is read from a zip, with a black mask", async () => {
  const size = 7000;
  const data = new Uint8Array(size * size).map((_, at) => at * at >> 7);
  const image = handmadeTiff({ directories: [grayTags(size, size)], data });
  const zip = zipOf([["images/a.tif", image], [
    "masks/a.tif",
    blackTiff(size),
  ]]);
  const { report } = await check({ "a.zip": zip }, "a.zip");
  assertEquals([report.usable, report.errors], [1, 0]);
  assertEquals(report.faults.map(({ kind }) => kind), ["empty-mask"]);
});

async function open(bytes: Uint8Array): Promise<Error | undefined> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeFile(path, bytes);
    await using _ = await openImage(path, { isReadWhole: true });
    return undefined;
  } catch (error) {
    return error as Error;
  } finally {
    await Deno.remove(path);
  }
}

for (
  const [name, bytes] of [
    ["TIFF", blackTiff(side)],
    ["BigTIFF", blackTiff(side, true)],
    ["PNG", blackPng(side)],
  ] as const
) {
  Deno.test(`a black ${name} of 15,000×15,000 pixels is not opened to be read whole`, async () => {
    const start = performance.now(), memory = Deno.memoryUsage().rss;
    const error = await open(bytes);
    assertLess(performance.now() - start, 5000);
    assertLess(Deno.memoryUsage().rss - memory, 500e6);
    assert(error instanceof FileError, String(error));
    assertMatch(
      error.message,
      /found 215 MB of pixels in 2\d\d KB of file for them, expected at most 300 times the stored bytes, or 64 MB; if the file is right, set UNET_MEMORY/,
    );
  });
}

Deno.test("a black TIFF of 8,000×8,000 pixels is opened to be read whole", async () => {
  assertEquals(await open(blackTiff(8000)), undefined);
});

Deno.test("tiles that share bytes back an image once", async () => {
  const side = 30 * 512;
  // Half of it is noise, so that it is many bytes if each tile counts.
  const random = createRandom(2);
  const stored = deflateSync(
    new Uint8Array(512 * 512).map((_, at) =>
      at < 3000 ? random.integer(0, 255) : 0
    ),
  );
  const all = (value: number) => Array.from({ length: 900 }, () => value);
  const image = handmadeTiff({
    directories: [[
      [256, 4, [side]],
      [257, 4, [side]],
      [258, 3, [8]],
      [259, 3, [8]],
      [262, 3, [1]],
      [277, 3, [1]],
      [322, 4, [512]],
      [323, 4, [512]],
      [324, 4, all(8)],
      [325, 4, all(stored.length)],
    ]],
    data: stored,
  });
  assertMatch(String(await open(image)), /found 225 MB of pixels in 3.\d KB/);
});

Deno.test("a long, thin image is opened to be read whole where its bytes back the widened one", async () => {
  const thin = (data: Uint8Array): Uint8Array =>
    handmadeTiff({
      directories: [[
        ...grayTags(1_000_000, 1),
        [259, 3, [8]],
        [279, 4, [deflateSync(data).length]],
      ]],
      data: deflateSync(data),
    });
  const black = new Uint8Array(1e6);
  assertMatch(
    String(await open(thin(black))),
    /found 244 MB of pixels, widened for a network, in 991 bytes of file/,
  );
  const random = createRandom(1);
  const noise = black.map(() => random.integer(0, 255));
  assertEquals(await open(thin(noise)), undefined);
});

Deno.test("a slide with most tiles left out is opened to be read whole where some tiles back it", async () => {
  const tiles = 6400,
    tile = new Uint8Array(65_536).map((_, at) => at * at >> 7);
  const slideOf = (stored: number): Uint8Array => {
    const each = (value: (at: number) => number) =>
      Array.from({ length: tiles }, (_, at) => at < stored ? value(at) : 0);
    return handmadeTiff({
      directories: [[
        [256, 4, [80 * 256]],
        [257, 4, [80 * 256]],
        [258, 3, [8]],
        [259, 3, [1]],
        [262, 3, [1]],
        [277, 3, [1]],
        [322, 4, [256]],
        [323, 4, [256]],
        [324, 4, each((at) => 8 + at * tile.length)],
        [325, 4, each(() => tile.length)],
      ]],
      data: new Uint8Array(stored * tile.length),
    });
  };
  assertEquals(await open(slideOf(20)), undefined);
  const error = await open(slideOf(2));
  assertMatch(
    String(error),
    /found 400 MB of pixels in 128 KB of file for them/,
  );
});
