import { assert, assertEquals, assertLess, assertRejects } from "@std/assert";
import { FileError } from "@unet/errors";
import sharp from "sharp";
import { crc32, deflateSync } from "node:zlib";
import { decodeImage } from "./decode_image.ts";
import {
  chunk,
  concat,
  grayPng,
  handmadePng,
} from "../fixtures/handmade_png.ts";
import tiffs from "../fixtures/tiff.json" with { type: "json" };

/** Rows of bytes with filter byte 0 in front of each. */
function rowsOf(bytesARow: number, values: ArrayLike<number>): Uint8Array {
  const rows = values.length / bytesARow;
  return concat(Array.from({ length: rows }, (_, row) =>
    Uint8Array.from([
      0,
      ...Array.prototype.slice.call(
        values,
        row * bytesARow,
        (row + 1) * bytesARow,
      ),
    ])));
}

/** Big-endian bytes of 16-bit values, as PNG has them. */
function bigEndian(values: readonly number[]): number[] {
  return values.flatMap((value) => [value >> 8, value & 255]);
}

/** A color image whose neighbors differ. */
function busy(width: number, height: number) {
  const data = Uint8Array.from(
    { length: width * height * 3 },
    (_, index) => (index * 7919) % 251,
  );
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** Little-endian TIFF, uncompressed, one strip, of these values. */
function handmadeTiff(
  width: number,
  height: number,
  values: Float32Array | Int32Array,
): Uint8Array {
  const format = values instanceof Float32Array ? 3 : 2;
  const tags = [
    [256, 4, width],
    [257, 4, height],
    [258, 3, 32],
    [259, 3, 1],
    [262, 3, 1],
    [273, 4, 8],
    [277, 3, 1],
    [278, 4, height],
    [279, 4, values.byteLength],
    [339, 3, format],
  ] as const;
  const view = new DataView(new ArrayBuffer(6 + tags.length * 12));
  view.setUint16(0, tags.length, true);
  for (const [index, [tag, type, value]] of tags.entries()) {
    view.setUint16(2 + index * 12, tag, true);
    view.setUint16(4 + index * 12, type, true);
    view.setUint32(6 + index * 12, 1, true);
    view.setUint32(10 + index * 12, value, true);
  }
  const header = new Uint8Array([73, 73, 42, 0, 0, 0, 0, 0]);
  new DataView(header.buffer).setUint32(4, 8 + values.byteLength, true);
  return concat([
    header,
    new Uint8Array(values.buffer),
    new Uint8Array(view.buffer),
  ]);
}

Deno.test("decodeImage() keeps 8-bit gray as one channel", async () => {
  const image = await decodeImage(
    grayPng(3, 2, [0, 1, 2, 128, 254, 255]),
    "a.png",
  );
  assertEquals(image, {
    width: 3,
    height: 2,
    channels: 1,
    depth: 8,
    data: new Uint8Array([0, 1, 2, 128, 254, 255]),
  });
});

Deno.test("decodeImage() keeps every value of 16-bit gray", async () => {
  const values = [0, 1, 255, 256, 4095, 65535];
  const rows = rowsOf(6, bigEndian(values));
  const png = handmadePng({
    width: 3,
    height: 2,
    depth: 16,
    colorType: 0,
    rows,
  });
  assertEquals(await decodeImage(png, "a.png"), {
    width: 3,
    height: 2,
    channels: 1,
    depth: 16,
    data: new Uint16Array(values),
  });
});

Deno.test("decodeImage() keeps every value of 16-bit color", async () => {
  const values = [0, 1, 65535, 256, 30001, 12];
  const rows = rowsOf(12, bigEndian(values));
  const png = handmadePng({
    width: 2,
    height: 1,
    depth: 16,
    colorType: 2,
    rows,
  });
  const image = await decodeImage(png, "a.png");
  assertEquals([image.channels, image.depth], [3, 16]);
  assertEquals([...image.data], values);
});

Deno.test("decodeImage() keeps alpha as the fourth channel, and the color under it", async () => {
  const values = [10, 20, 30, 0, 40, 50, 60, 255];
  const png = handmadePng({
    width: 2,
    height: 1,
    depth: 8,
    colorType: 6,
    rows: rowsOf(8, values),
  });
  const image = await decodeImage(png, "a.png");
  assertEquals([image.channels, ...image.data], [4, ...values]);
});

Deno.test("decodeImage() makes gray with alpha four channels", async () => {
  const png = handmadePng({
    width: 2,
    height: 1,
    depth: 8,
    colorType: 4,
    rows: rowsOf(4, [7, 255, 9, 100]),
  });
  const image = await decodeImage(png, "a.png");
  assertEquals([image.channels, ...image.data], [
    4,
    7,
    7,
    7,
    255,
    9,
    9,
    9,
    100,
  ]);
});

Deno.test("decodeImage() gives a palette its colors", async () => {
  const png = handmadePng({
    width: 4,
    height: 1,
    depth: 2,
    colorType: 3,
    chunks: [chunk("PLTE", Uint8Array.of(0, 0, 0, 255, 0, 0, 0, 128, 7))],
    rows: Uint8Array.of(0, 0b00011001),
  });
  const image = await decodeImage(png, "a.png");
  assertEquals([image.channels, ...image.data], [
    3,
    ...[0, 0, 0],
    ...[255, 0, 0],
    ...[0, 128, 7],
    ...[255, 0, 0],
  ]);
});

Deno.test("decodeImage() spreads 1 bit over 8", async () => {
  const png = handmadePng({
    width: 4,
    height: 1,
    depth: 1,
    colorType: 0,
    rows: Uint8Array.of(0, 0b01010000),
  });
  assertEquals([...(await decodeImage(png, "a.png")).data], [0, 255, 0, 255]);
});

Deno.test("decodeImage() reads an image of one pixel", async () => {
  const image = await decodeImage(grayPng(1, 1, [5]), "a.png");
  assertEquals([image.width, image.height, ...image.data], [1, 1, 5]);
});

Deno.test("decodeImage() turns a CMYK JPEG into color near what was encoded", async () => {
  const jpeg = await sharp({
    create: { width: 8, height: 8, channels: 3, background: "#d04020" },
  }).toColorspace("cmyk").jpeg({ quality: 100 }).toBuffer();
  assertEquals((await sharp(jpeg).metadata()).space, "cmyk");
  const image = await decodeImage(jpeg, "a.jpg");
  assertEquals([image.channels, image.depth], [3, 8]);
  const [red, green, blue] = image.data;
  assert(Math.abs(red! - 0xd0) < 40 && green! < 0x70 && blue! < 0x60);
});

Deno.test("decodeImage() keeps gray JPEG, 16-bit TIFF, WebP and GIF as they are", async () => {
  const gray = { raw: { width: 4, height: 2, channels: 1 as const } };
  const flat = sharp(new Uint8Array(8).fill(77), gray).toColorspace("b-w");
  const jpeg = await decodeImage(await flat.jpeg().toBuffer(), "a.jpg");
  assertEquals([jpeg.channels, ...jpeg.data], [1, ...Array(8).fill(77)]);

  const values = new Uint16Array([0, 1, 2, 300, 5000, 40000, 65534, 65535]);
  const tiff = await decodeImage(
    await sharp(values, gray).toColorspace("grey16").tiff({
      compression: "lzw",
    })
      .toBuffer(),
    "a.tif",
  );
  assertEquals([tiff.channels, tiff.depth, tiff.data], [1, 16, values]);

  const source = busy(8, 4);
  const expected = [...await source.clone().raw().toBuffer()];
  const webp = await source.clone().webp({ lossless: true }).toBuffer();
  assertEquals([...(await decodeImage(webp, "a.webp")).data], expected);
  const gif = await decodeImage(await source.clone().gif().toBuffer(), "a.gif");
  assertEquals([gif.width, gif.height, gif.depth], [8, 4, 8]);
});

Deno.test("decodeImage() keeps floats and 32-bit integers of a TIFF", async () => {
  const floats = new Float32Array([0.125, -3, 1e6, NaN, 70000.5, 0]);
  const image = await decodeImage(handmadeTiff(3, 2, floats), "a.tif");
  assertEquals(image, {
    width: 3,
    height: 2,
    channels: 1,
    depth: 32,
    data: floats,
  });
  const integers = new Int32Array([0, 1, -2, 70000, 5, 6]);
  const other = await decodeImage(handmadeTiff(2, 3, integers), "a.tif");
  assertEquals([other.depth, ...other.data], [32, ...integers]);
});

Deno.test("decodeImage() reads TIFFs of all kinds as tifffile does", async () => {
  const whole = tiffs.filter(({ options }) =>
    Object.keys(options).length === 0
  );
  assert(whole.length > 50);
  for (const { file, width, height, channels, depth, crc } of whole) {
    const bytes = await Deno.readFile(
      new URL(`../fixtures/tiff/${file}`, import.meta.url),
    );
    const image = await decodeImage(bytes, file);
    assertEquals([image.width, image.height, image.channels, image.depth], [
      ...[width, height, channels, depth],
    ]);
    const { buffer, byteOffset, byteLength } = image.data;
    const found = crc32(new Uint8Array(buffer, byteOffset, byteLength));
    assertEquals(found, crc, file);
  }
});

Deno.test("decodeImage() leaves EXIF orientation alone", async () => {
  const jpeg = await busy(8, 4).withMetadata({ orientation: 6 }).jpeg()
    .toBuffer();
  const { width, height } = await decodeImage(jpeg, "a.jpg");
  assertEquals([width, height], [8, 4]);
});

Deno.test("decodeImage() finds the format by content, not by name", async () => {
  const jpeg = await busy(8, 4).jpeg().toBuffer();
  assertEquals((await decodeImage(jpeg, "a.png")).width, 8);
});

Deno.test("decodeImage() refuses a PNG cut off anywhere", async () => {
  for (
    const png of [
      await busy(12, 9).png().toBuffer(),
      grayPng(40, 40, Array(1600).fill(3)),
    ]
  ) {
    assertEquals((await decodeImage(png, "a.png")).depth, 8);
    for (let length = 0; length < png.length; length++) {
      await assertRejects(
        () => decodeImage(png.subarray(0, length), "cut.png"),
        FileError,
        'Cannot read image "cut.png": found ',
      );
    }
  }
});

Deno.test("decodeImage() refuses a JPEG, WebP, GIF or TIFF cut off before its last pixel", async () => {
  const source = busy(12, 9);
  const files = {
    jpg: await source.clone().jpeg().toBuffer(),
    progressive: await source.clone().jpeg({ progressive: true }).toBuffer(),
    webp: await source.clone().webp().toBuffer(),
    gif: await source.clone().gif().toBuffer(),
    tif: await source.clone().tiff({ compression: "deflate" }).toBuffer(),
  };
  for (const [name, bytes] of Object.entries(files)) {
    // The end marks, 2 bytes of JPEG and 1 of GIF, come after all pixels.
    for (let length = 0; length < bytes.length - 2; length += 3) {
      await assertRejects(
        () => decodeImage(bytes.subarray(0, length), name),
        FileError,
        `Cannot read image "${name}": found `,
      );
    }
  }
});

Deno.test("decodeImage() refuses a PNG with a damaged byte in its pixels", async () => {
  const png = grayPng(20, 20, Array.from({ length: 400 }, (_, i) => i % 200));
  const damaged = Uint8Array.from(png);
  damaged[50]! ^= 0x10;
  await assertRejects(
    () => decodeImage(damaged, "a.png"),
    FileError,
    "a damaged PNG",
  );
});

Deno.test("decodeImage() refuses a bomb before it takes memory for it", async () => {
  const empty = handmadePng({
    width: 30000,
    height: 30000,
    depth: 8,
    colorType: 6,
    rows: new Uint8Array(10),
  });
  const before = Deno.memoryUsage().external;
  const error = await assertRejects(
    () => decodeImage(empty, "bomb.png"),
    FileError,
  );
  assertEquals(
    error.message,
    'Cannot read image "bomb.png": found 30000×30000 pixels, expected at most 268435456 in all; cut it into pieces',
  );
  assertLess(Deno.memoryUsage().external - before, 200e6);
});

Deno.test("decodeImage() refuses a bomb that holds the pixels it claims", async () => {
  const width = 17000;
  const rows = new Uint8Array(width * (1 + width / 8));
  const bomb = handmadePng({
    width,
    height: width,
    depth: 1,
    colorType: 0,
    rows,
  });
  assert(bomb.length < 60_000);
  await assertRejects(
    () => decodeImage(bomb, "a.png"),
    FileError,
    "17000×17000",
  );
});

Deno.test("decodeImage() refuses more pixels than maxPixels, whatever the format", async () => {
  const source = busy(20, 10);
  for (
    const file of [
      source.clone().png(),
      source.clone().jpeg(),
      source.clone().webp(),
    ]
  ) {
    const bytes = await file.toBuffer();
    assertEquals((await decodeImage(bytes, "a", { maxPixels: 200 })).width, 20);
    await assertRejects(
      () => decodeImage(bytes, "a", { maxPixels: 199 }),
      FileError,
      "found 20×10 pixels, expected at most 199 in all",
    );
  }
});

Deno.test("decodeImage() says what a file is that is no image", async () => {
  const text = new TextEncoder();
  const cases: [string, Uint8Array, string][] = [
    ["empty.png", new Uint8Array(0), "an empty file"],
    ["notes.png", text.encode("these are\nnotes"), "a text file"],
    [
      "drawing.png",
      text.encode('<svg width="9" height="9"/>'),
      "an SVG drawing",
    ],
    ["old.bmp", text.encode("BM\0\0\0\0"), "a BMP image"],
    ["a.png", text.encode("%PDF-1.7"), "a PDF document"],
    ["a.png", Uint8Array.of(80, 75, 3, 4), "a zip archive"],
    ["a.png", deflateSync(new Uint8Array(99)), "an unknown format"],
  ];
  for (const [name, bytes, found] of cases) {
    const error = await assertRejects(
      () => decodeImage(bytes, name),
      FileError,
    );
    assertEquals(
      error.message,
      `Cannot read image "${name}": found ${found}, expected PNG, JPEG, TIFF, WebP or GIF`,
    );
  }
});
