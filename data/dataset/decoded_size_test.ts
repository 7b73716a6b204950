import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import sharp from "sharp";
import { handmadePng } from "../fixtures/handmade_png.ts";
import { decodedSize } from "./decoded_size.ts";

const picture = sharp({
  create: { width: 60, height: 50, channels: 3, background: "red" },
});

const fixture = (name: string): Promise<Uint8Array> =>
  Deno.readFile(fromFileUrl(new URL(`../fixtures/${name}`, import.meta.url)));

Deno.test("decodedSize() reads the size of an image, whatever its format", async () => {
  const files = await Promise.all([
    picture.clone().png().toBuffer(),
    picture.clone().jpeg().toBuffer(),
    picture.clone().tiff().toBuffer(),
    picture.clone().webp().toBuffer(),
  ]);
  for (const bytes of files) {
    assertEquals(await decodedSize(bytes), { pixels: 3000, bytes: 9000 });
  }
});

Deno.test("decodedSize() counts values as they are stored, of 8 bits or more", async () => {
  const sizeOf = (depth: number, colorType: number) =>
    decodedSize(handmadePng({
      ...{ width: 60, height: 50, depth, colorType },
      rows: new Uint8Array(24_050).map((_, at) => at),
    }));
  assertEquals(await sizeOf(1, 0), { pixels: 3000, bytes: 3000 });
  assertEquals(await sizeOf(8, 3), { pixels: 3000, bytes: 3000 });
  assertEquals(await sizeOf(16, 6), { pixels: 3000, bytes: 24_000 });
});

Deno.test("decodedSize() counts all pages of a TIFF where they are projected", async () => {
  const stack = await fixture("tiff/pages.tif");
  const one = await decodedSize(stack);
  const all = await decodedSize(stack, { areAllPages: true });
  assertEquals(all!.pixels, one!.pixels);
  assertEquals(all!.bytes, 3 * one!.bytes);
});

Deno.test("decodedSize() counts a long, thin image as a network widens it", async () => {
  const thin = handmadePng({
    ...{ width: 20_000, height: 2, depth: 8, colorType: 0 },
    rows: new Uint8Array(40_002).map((_, at) => at % 20_001 ? at : 0),
  });
  assertEquals((await decodedSize(thin))!.bytes, 40_000);
  const seen = await decodedSize(thin, { isSeen: true });
  assertEquals(seen, { pixels: 40_000, bytes: 20_000 * 256 });
});

Deno.test("decodedSize() leaves to decoding what is wrong with a file", async () => {
  const tiff = await picture.clone().tiff().toBuffer();
  for (
    const bytes of [
      new Uint8Array(0),
      new TextEncoder().encode("no image"),
      tiff.subarray(9),
      Uint8Array.from(tiff.subarray(0, 12)),
      (await picture.clone().jpeg().toBuffer()).subarray(0, 20),
      // A header that lies.
      handmadePng({
        ...{ width: 30_000, height: 30_000, depth: 8, colorType: 0 },
        rows: new Uint8Array(9),
      }),
    ]
  ) assertEquals(await decodedSize(Uint8Array.from(bytes)), undefined);
});
