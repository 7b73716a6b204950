import { assertEquals, assertRejects } from "@std/assert";
import { DatasetError } from "@unet/errors";
import sharp from "sharp";
import reference from "../fixtures/intensities.json" with { type: "json" };
import { caseOf } from "../fixtures/dataset_folder.ts";
import { chunk, grayPng, handmadePng } from "../fixtures/handmade_png.ts";
import { temporaryFolder } from "../fixtures/temporary_folder.ts";
import { encodePng } from "../images/encode_png.ts";
import { readCase, type ReadCaseOptions } from "./read_case.ts";

/** The labels of a pair whose mask is this file. */
async function labelsOf(
  mask: Uint8Array,
  width: number,
  height: number,
  name = "a.png",
): Promise<number[]> {
  await using folder = await temporaryFolder();
  const each = await caseOf(folder.path, {
    "images/a.png": grayPng(width, height, Array(width * height).fill(9)),
    [`masks/${name}`]: mask,
  });
  return [...(await readCase(each)).labels.data];
}

Deno.test("readCase() numbers Kaggle's masks in the order of their names", async () => {
  await using folder = await temporaryFolder();
  const each = await caseOf(folder.path, {
    "a/images/a.png": grayPng(3, 2, [1, 2, 3, 4, 5, 6]),
    "a/masks/z.png": grayPng(3, 2, [255, 0, 0, 255, 0, 0]),
    "a/masks/b.png": grayPng(3, 2, [0, 0, 255, 0, 0, 0]),
  });
  assertEquals(await readCase(each), {
    id: "a",
    image: {
      width: 3,
      height: 2,
      channels: 1,
      depth: 8,
      data: new Uint8Array([1, 2, 3, 4, 5, 6]),
    },
    labels: { width: 3, height: 2, data: new Uint32Array([2, 0, 1, 2, 0, 0]) },
  });
});

Deno.test("readCase() gives shared pixels to the first mask, and empty and hidden ones no number", async () => {
  await using folder = await temporaryFolder();
  const each = await caseOf(folder.path, {
    "a/images/a.png": grayPng(5, 1, [0, 0, 0, 0, 0]),
    "a/masks/1.png": grayPng(5, 1, [255, 255, 255, 0, 0]),
    "a/masks/2.png": grayPng(5, 1, [0, 0, 0, 0, 0]),
    "a/masks/3.png": grayPng(5, 1, [0, 255, 255, 0, 0]),
    "a/masks/4.png": grayPng(5, 1, [0, 0, 255, 255, 255]),
  });
  assertEquals([...(await readCase(each)).labels.data], [1, 1, 1, 2, 2]);
});

Deno.test("readCase() takes everything but black for the nucleus, in any kind of mask", async () => {
  await using folder = await temporaryFolder();
  const wide = Uint16Array.of(0, 0, 1, 0, 0, 0);
  const each = await caseOf(folder.path, {
    "a/images/a.png": grayPng(6, 1, [0, 0, 0, 0, 0, 0]),
    "a/masks/1.png": grayPng(6, 1, [1, 0, 0, 0, 0, 0]),
    "a/masks/2.png": await encodePng({
      width: 6,
      height: 1,
      channels: 4,
      depth: 8,
      data: Uint8Array.from(
        [0, 1, 0, 0, 0, 0].flatMap((blue) => [0, 0, blue, 255]),
      ),
    }),
    "a/masks/3.png": await encodePng({
      width: 6,
      height: 1,
      channels: 1,
      depth: 16,
      data: wide,
    }),
    "a/masks/4.png": handmadePng({
      width: 6,
      height: 1,
      depth: 1,
      colorType: 0,
      rows: Uint8Array.of(0, 0b00010100),
    }),
  });
  assertEquals([...(await readCase(each)).labels.data], [1, 2, 3, 4, 0, 4]);
});

Deno.test("readCase() merges masks of any width, whatever lies in the last pixels", async () => {
  for (const width of [1, 2, 3, 4, 5, 7, 9]) {
    await using folder = await temporaryFolder();
    const last = Array.from({ length: width }, (_, i) => +(i === width - 1));
    const each = await caseOf(folder.path, {
      "a/images/a.png": grayPng(width, 1, last),
      "a/masks/1.png": grayPng(width, 1, last),
    });
    assertEquals([...(await readCase(each)).labels.data], last);
  }
});

Deno.test("readCase() splits a binary mask of 0/255 or 0/1 into its components", async () => {
  const { mask, labels, width, height } = reference.components;
  assertEquals(
    await labelsOf(grayPng(width, height, mask), width, height),
    labels,
  );
  const white = mask.map((value) => value * 255);
  assertEquals(
    await labelsOf(grayPng(width, height, white), width, height),
    labels,
  );
});

Deno.test("readCase() numbers the values of an 8- or 16-bit label image as scikit-image does", async () => {
  const { mask, labels, width, height } = reference.relabeled;
  const data = Uint16Array.from(mask);
  const png = await encodePng({ width, height, channels: 1, depth: 16, data });
  assertEquals(await labelsOf(png, width, height, "a_label.png"), labels);
  const three = [0, 1, 3, 3, 1, 7];
  assertEquals(await labelsOf(grayPng(3, 2, three), 3, 2), [0, 1, 2, 2, 1, 3]);
});

Deno.test("readCase() numbers the indices of a palette mask, whatever their colors", async () => {
  const palette = chunk("PLTE", Uint8Array.of(0, 0, 0, 128, 0, 0, 0, 128, 0));
  const mask = handmadePng({
    width: 4,
    height: 1,
    depth: 8,
    colorType: 3,
    chunks: [palette],
    rows: Uint8Array.of(0, 1, 0, 2, 1),
  });
  assertEquals(await labelsOf(mask, 4, 1), [1, 0, 2, 1]);
});

Deno.test("readCase() cuts a mask stored as JPEG at half of white", async () => {
  const width = 32, height = 16;
  const inside = (x: number, y: number, left: number) =>
    x >= left && x < left + 9 && y >= 3 && y < 12;
  const drawn = Uint8Array.from({ length: width * height }, (_, index) => {
    const x = index % width, y = Math.floor(index / width);
    return inside(x, y, 2) || inside(x, y, 20) ? 255 : 0;
  });
  const jpeg = await sharp(drawn, { raw: { width, height, channels: 1 } })
    .toColorspace("b-w").jpeg({ quality: 60 }).toBuffer();
  const labels = await labelsOf(jpeg, width, height, "a.jpg");
  assertEquals(labels.map((label) => label > 0 ? 255 : 0), [...drawn]);
  assertEquals(new Set(labels).size, 3);
});

Deno.test("readCase() of an all-black mask has no instances", async () => {
  assertEquals(await labelsOf(grayPng(2, 2, [0, 0, 0, 0]), 2, 2), [0, 0, 0, 0]);
});

Deno.test("readCase() reads a case of one pixel", async () => {
  assertEquals(await labelsOf(grayPng(1, 1, [255]), 1, 1), [1]);
});

Deno.test("readCase() refuses a case with errors and reports all of them", async () => {
  await using folder = await temporaryFolder();
  const each = await caseOf(folder.path, {
    "a/images/a.png": grayPng(2, 2, [1, 2, 3, 4]),
    "a/masks/1.png": grayPng(2, 1, [255, 0]),
    "a/masks/2.png": "text",
  });
  const error = await assertRejects(() => readCase(each), DatasetError);
  assertEquals(
    error.message,
    'Cannot read case "a": found 2 faults, expected an image and its masks',
  );
  assertEquals(error.faults, [
    `Cannot read image "${folder.path}/a/masks/2.png": found a text file, expected PNG, JPEG, TIFF, WebP or GIF`,
    'Cannot use case "a": found mask a/masks/1.png of 2×1 pixels, expected 2×2 as the image has',
  ]);
});

Deno.test("readCase() refuses more pixels than maxPixels", async () => {
  await using folder = await temporaryFolder();
  const each = await caseOf(folder.path, {
    "images/a.png": grayPng(2, 2, [1, 2, 3, 4]),
    "masks/a.png": grayPng(2, 2, [1, 0, 0, 0]),
  });
  await assertRejects(() => readCase(each, { maxPixels: 3 }), DatasetError);
});

/** The labels of Kaggle's case with these masks. */
async function nucleiOf(
  masks: readonly Uint8Array[],
  options: ReadCaseOptions = {},
): Promise<number[]> {
  await using folder = await temporaryFolder();
  const files = masks.map((mask, at) => [`a/masks/${at}.png`, mask] as const);
  const each = await caseOf(folder.path, {
    "a/images/a.png": grayPng(6, 1, [0, 0, 0, 0, 0, 0]),
    ...Object.fromEntries(files),
  });
  return [...(await readCase(each, options)).labels.data];
}

Deno.test("readCase() reads masks as the options say", async () => {
  const mask = grayPng(6, 1, [1, 1, 0, 2, 2, 1]);
  await using folder = await temporaryFolder();
  const each = await caseOf(folder.path, {
    "images/a.png": grayPng(6, 1, [0, 0, 0, 0, 0, 0]),
    "masks/a.png": mask,
  });
  const read = async (
    options: ReadCaseOptions,
  ) => [...(await readCase(each, options)).labels.data];
  assertEquals(await read({}), [1, 1, 0, 2, 2, 1]);
  assertEquals(await read({ mask: "labels" }), [1, 1, 0, 2, 2, 1]);
  assertEquals(await read({ mask: "binary" }), [1, 1, 0, 2, 2, 2]);
  assertEquals(await read({ background: [1] }), [0, 0, 1, 2, 2, 0]);
  assertEquals(await read({ background: [0, 1] }), [0, 0, 0, 1, 1, 0]);
  assertEquals(await read({ background: ["#010101"] }), [0, 0, 1, 2, 2, 0]);
});

Deno.test("readCase() takes a mask of Kaggle's for one nucleus, or splits it as asked", async () => {
  const masks = [
    grayPng(6, 1, [1, 0, 2, 2, 0, 0]),
    grayPng(6, 1, [0, 0, 9, 0, 0, 9]),
  ];
  assertEquals(await nucleiOf(masks), [1, 0, 1, 1, 0, 2]);
  assertEquals(await nucleiOf(masks, { mask: "labels" }), [1, 0, 2, 2, 0, 3]);
  assertEquals(await nucleiOf(masks, { mask: "binary" }), [1, 0, 2, 2, 0, 3]);
  const white = [grayPng(6, 1, [255, 0, 0, 255, 255, 255])];
  assertEquals(
    await nucleiOf(white, { background: [255] }),
    [0, 1, 1, 0, 0, 0],
  );
});

Deno.test("readCase() keeps object numbers apart that floats would not", async () => {
  const ids = Uint32Array.of(0, 2 ** 24, 2 ** 24 + 1, 2 ** 32 - 2, 2 ** 32 - 1);
  const tiff = labelTiff(ids, 5);
  assertEquals(await labelsOf(tiff, 5, 1, "a.tif"), [0, 1, 2, 3, 4]);
});

/** An uncompressed TIFF of one row of 32-bit numbers. */
function labelTiff(values: Uint32Array, width: number): Uint8Array {
  const fields = [
    [256, width],
    [257, 1],
    [258, 32],
    [259, 1],
    [262, 1],
    [273, 8],
    [278, 1],
    [279, values.byteLength],
  ] as const;
  const start = 8 + values.byteLength;
  const bytes = new Uint8Array(start + 2 + fields.length * 12 + 4);
  const view = new DataView(bytes.buffer);
  bytes.set([0x49, 0x49, 42, 0]);
  view.setUint32(4, start, true);
  values.forEach((value, at) => view.setUint32(8 + at * 4, value, true));
  view.setUint16(start, fields.length, true);
  fields.forEach(([tag, value], at) => {
    const place = start + 2 + at * 12;
    view.setUint16(place, tag, true);
    view.setUint16(place + 2, 4, true);
    view.setUint32(place + 4, 1, true);
    view.setUint32(place + 8, value, true);
  });
  return bytes;
}
