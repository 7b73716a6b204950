import { assertEquals, assertRejects } from "@std/assert";
import { FileError } from "@unet/errors";
import { decodeMask } from "./decode_mask.ts";
import { encodePng } from "../images/encode_png.ts";
import files from "../fixtures/masks.json" with { type: "json" };
import { fileInMemory } from "../images/file_in_memory.ts";

for (const { name, file, values, ...about } of files) {
  Deno.test(`decodeMask() gives the numbers that are stored: ${name}`, async () => {
    const bytes = Uint8Array.fromBase64(file);
    const mask = await decodeMask(fileInMemory(bytes, name));
    assertEquals(Array.from(mask.values), values.map(Number));
    const { isLossy, pages, hasShapeInAlpha, showsZeroBright, colorBits } =
      mask;
    const { palette } = mask;
    assertEquals<unknown>(
      {
        ...{ isLossy, pages, hasShapeInAlpha, showsZeroBright, colorBits },
        ...(palette && { palette }),
      },
      {
        isLossy: false,
        pages: 1,
        hasShapeInAlpha: false,
        showsZeroBright: false,
        colorBits: 0,
        ...about,
      },
    );
  });
}

const fileOf = (bytes: Uint8Array) => fileInMemory(bytes, "mask.tif");

Deno.test("decodeMask() of several pages takes the plane that is asked for", async () => {
  const { file } = files.find(({ name }) => name === "a page per object")!;
  const bytes = Uint8Array.fromBase64(file);
  const mask = await decodeMask(fileOf(bytes), { plane: 3 });
  assertEquals(mask.pages, 1);
  assertEquals(Array.from(mask.values).filter((one) => one > 0).length, 4);
  await assertRejects(
    () => decodeMask(fileOf(bytes), { plane: 4 }),
    FileError,
    'Cannot read image "mask.tif": found planes 0 to 3, expected plane 4',
  );
  const flat = files.find(({ name }) => name === "u2 in a PNG")!;
  const one = Uint8Array.fromBase64(flat.file);
  assertEquals(
    Array.from((await decodeMask(fileOf(one), { plane: 3 })).values),
    flat.values.map(Number),
  );
});

Deno.test("decodeMask() keeps 16-bit colors apart that 8 bits would not", async () => {
  const data = Uint16Array.of(0, 0, 0, 256, 0, 1, 256, 0, 2);
  const image = { width: 3, height: 1, channels: 3, depth: 16, data } as const;
  const mask = await decodeMask(fileOf(await encodePng(image)));
  assertEquals(mask.colorBits, 16);
  assertEquals([...mask.values], [0, 2 ** 40 + 1, 2 ** 40 + 2]);
});

Deno.test("decodeMask() refuses several values per pixel that are no color", async () => {
  const { file } = files.find(({ name }) => name === "colors in a TIFF")!;
  const bytes = Uint8Array.fromBase64(file);
  const view = new DataView(bytes.buffer);
  const tags = view.getUint32(4, true);
  for (let at = tags + 2; at < bytes.length; at += 12) {
    if (view.getUint16(at, true) !== 262) continue;
    view.setUint16(at + 8, 1, true);
    break;
  }
  await assertRejects(
    () => decodeMask(fileOf(bytes)),
    FileError,
    'Cannot read mask "mask.tif": found 3 values per pixel, expected one, or a color',
  );
});

Deno.test("decodeMask() refuses whole numbers that would be rounded", async () => {
  const { file } = files.find(({ name }) => name === "u8 in a TIFF")!;
  const bytes = Uint8Array.fromBase64(file);
  bytes.fill(255, bytes.length - 8);
  await assertRejects(
    () => decodeMask(fileOf(bytes)),
    FileError,
    "found whole numbers of more than 53 bits, expected smaller object numbers",
  );
});

Deno.test("decodeMask() of a file cut off anywhere raises, or gives its numbers", async () => {
  for (const { name, file, values } of files) {
    const bytes = Uint8Array.fromBase64(file);
    for (let part = 1; part < 8; part++) {
      const length = Math.floor(bytes.length * part / 8);
      try {
        const cut = fileInMemory(bytes.subarray(0, length), name);
        const mask = await decodeMask(cut);
        assertEquals(mask.values.length, values.length, name);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
      }
    }
  }
});

Deno.test("decodeMask() refuses more pixels than maxPixels", async () => {
  for (const { name, file } of files) {
    const bytes = Uint8Array.fromBase64(file);
    await assertRejects(
      () => decodeMask(fileInMemory(bytes, name), { maxPixels: 5 }),
      FileError,
    );
  }
});
