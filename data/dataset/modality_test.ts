import { assertEquals, assertGreater, assertThrows } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { createRandom } from "@unet/random";
import { openDataset } from "./dataset.ts";
import { decodeImage } from "../images/decode_image.ts";
import { findModality, type Modality } from "./modality.ts";
import type { Image } from "../types.ts";

/** A background with a disk on it, and noise. */
function disk(
  background: number[],
  object: number[],
  depth: Image["depth"] = 8,
  noise = 2,
): Image {
  const size = 48, random = createRandom(1);
  const channels = background.length as Image["channels"];
  const data: number[] = [];
  for (let pixel = 0; pixel < size * size; pixel++) {
    const row = Math.floor(pixel / size) - 24, column = pixel % size - 24;
    const values = row * row + column * column < 100 ? object : background;
    const shift = noise * random.next();
    for (const value of values) data.push(value + shift);
  }
  return {
    width: size,
    height: size,
    channels,
    depth,
    data: depth === 8
      ? Uint8Array.from(data)
      : depth === 16
      ? Uint16Array.from(data)
      : Float32Array.from(data),
  };
}

Deno.test("findModality() finds fluorescence when the background is dark", () => {
  assertEquals(findModality(disk([12], [180])), "fluorescence");
  assertEquals(findModality(disk([12, 12, 12], [90, 90, 90])), "fluorescence");
  assertEquals(
    findModality(disk([9, 9, 9, 255], [99, 99, 99, 255])),
    "fluorescence",
  );
});

Deno.test("findModality() finds fluorescence when a dark image is tinted", () => {
  assertEquals(findModality(disk([0, 2, 40], [5, 30, 240])), "fluorescence");
});

Deno.test("findModality() finds fluorescence when a dark image is empty", () => {
  assertEquals(findModality(disk([14], [14])), "fluorescence");
  assertEquals(findModality(disk([0], [0], 8, 0)), "fluorescence");
  assertEquals(findModality(disk([110], [110], 16, 20)), "fluorescence");
});

Deno.test("findModality() finds a stain when color lies on white, pink or purple", () => {
  const nucleus = [90, 60, 150];
  for (const back of [[240, 240, 242], [236, 190, 215], [184, 170, 214]]) {
    assertEquals(findModality(disk(back, nucleus)), "stained");
    assertEquals(
      findModality(disk([...back, 255], [...nucleus, 255])),
      "stained",
    );
  }
});

Deno.test("findModality() finds bright field when a bright image is gray", () => {
  assertEquals(findModality(disk([228], [90])), "brightfield");
  assertEquals(
    findModality(disk([228, 228, 228], [90, 90, 90])),
    "brightfield",
  );
});

Deno.test("findModality() finds bright field when compression left a trace of color", () => {
  assertEquals(
    findModality(disk([226, 228, 225], [90, 92, 91])),
    "brightfield",
  );
});

Deno.test("findModality() takes a camera's bits as the scale when an image has 16", () => {
  assertEquals(findModality(disk([300], [3900], 16)), "fluorescence");
  assertEquals(findModality(disk([3500], [1200], 16)), "brightfield");
  assertEquals(findModality(disk([9000], [60000], 16)), "fluorescence");
  assertEquals(findModality(disk([60000], [9000], 16)), "brightfield");
});

Deno.test("findModality() takes 1 as white when an image has floats up to 1", () => {
  assertEquals(findModality(disk([0.05], [0.7], 32, 0)), "fluorescence");
  assertEquals(findModality(disk([0.9], [0.3], 32, 0)), "brightfield");
  assertEquals(
    findModality(disk([0.9, 0.7, 0.8], [0.4, 0.2, 0.5], 32, 0)),
    "stained",
  );
});

Deno.test("findModality() decides by a sample when an image is large", () => {
  const width = 1200, height = 900;
  const data = new Uint8Array(width * height).fill(220);
  data.fill(10, 0, 300 * width);
  assertEquals(
    findModality({ width, height, channels: 1, depth: 8, data }),
    "brightfield",
  );
});

Deno.test("findModality() throws when an image has no pixels", () => {
  const image: Image = {
    width: 0,
    height: 4,
    channels: 1,
    depth: 8,
    data: new Uint8Array(),
  };
  assertThrows(
    () => findModality(image),
    RangeError,
    "Cannot find the modality of an image: found 0×4 pixels, expected at least 1×1",
  );
});

const real = join(
  Deno.env.get("UNET_DATA") ??
    fromFileUrl(new URL("../../../shared/data", import.meta.url)),
  "stage1_train.zip",
);

Deno.test("findModality() classifies real images as a person does", async (t) => {
  try {
    await Deno.stat(real);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    const name = `skipped: found no ${real}; set UNET_DATA to its folder`;
    return void await t.step({ name, ignore: true, fn: () => {} });
  }
  const dataset = await openDataset(real);
  const counts = { fluorescence: 0, stained: 0, brightfield: 0 };
  for (const { id, images: [file] } of dataset.cases) {
    // A sample is quick, and holds some of each.
    if (id > "20" && !id.startsWith("5")) continue;
    const image = await decodeImage(await file!.read(), file!.path);
    const modality = findModality(image);
    // In this dataset, stained tissue alone has any color at all, and the
    // bright field images are those of 1024×1024.
    const expected = hasColor(image)
      ? "stained"
      : image.width === 1024
      ? "brightfield"
      : "fluorescence";
    assertEquals(modality, expected, id);
    counts[modality]++;
  }
  dataset.close();
  for (const count of Object.values(counts)) assertGreater(count, 1);
});

function hasColor({ channels, data }: Image): boolean {
  if (channels === 1) return false;
  for (let at = 0; at < data.length; at += channels) {
    if (data[at] !== data[at + 1] || data[at] !== data[at + 2]) return true;
  }
  return false;
}

Deno.test("findModality() sees no stain in separate channels, however they differ", () => {
  const of = (values: readonly number[]): Modality =>
    findModality({
      ...{ width: 2, height: 2, channels: 3, depth: 8, isSeparate: true },
      data: new Uint8Array([...values, ...values, ...values, ...values]),
    });
  assertEquals(of([240, 10, 10]), "brightfield");
  assertEquals(of([9, 60, 30]), "fluorescence");
});
