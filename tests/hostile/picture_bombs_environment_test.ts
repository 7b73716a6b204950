import {
  assertEquals,
  assertLess,
  assertMatch,
  assertRejects,
} from "@std/assert";
import { decodeImage } from "@unet/data";
import { FileError } from "@unet/errors";
import { deflateSync } from "node:zlib";
import { chunk, goodPng, join, pngOf } from "./_files.ts";
import { pictureBombs } from "./_picture_bombs.ts";

for (const [name, [make, found]] of Object.entries(pictureBombs)) {
  Deno.test(`${name} in a small file is refused at once`, async () => {
    const bytes = await make();
    assertLess(bytes.length, 5000);
    const memory = Deno.memoryUsage().rss, start = performance.now();
    const error = await assertRejects(
      () => decodeImage(bytes, "bomb"),
      FileError,
    );
    assertLess(performance.now() - start, 5000);
    assertLess(Deno.memoryUsage().rss - memory, 500e6);
    assertMatch(error.message, found);
  });
}

/** A PNG of black pixels, a thousandth of their size. */
function blackPng(side: number, samples: 1 | 3): Uint8Array {
  const rows = deflateSync(new Uint8Array((samples * side + 1) * side));
  const size = { width: side, height: side, depth: 8 };
  return pngOf({ ...size, colorType: samples === 1 ? 0 : 2 }, rows);
}

Deno.test("a black mask of 16,384×16,384 pixels is read, though it is a small file", async () => {
  const bytes = blackPng(16_384, 1);
  assertLess(bytes.length, 300_000);
  const mask = await decodeImage(bytes, "mask.png");
  assertEquals([mask.width, mask.height, mask.channels], [16_384, 16_384, 1]);
  assertEquals(mask.data.lastIndexOf(255), -1);
});

Deno.test("a person can allow a small file to be large by UNET_MEMORY", async () => {
  const bytes = blackPng(9_600, 3), before = Deno.env.get("UNET_MEMORY");
  await assertRejects(
    () => decodeImage(bytes, "large.png"),
    FileError,
    "found 264 MB of pixels in 263 KB of file, expected at most 300 times " +
      "the stored bytes, or 256 MB; if the file is right, set UNET_MEMORY",
  );
  Deno.env.set("UNET_MEMORY", "2");
  try {
    const image = await decodeImage(bytes, "large.png");
    assertEquals([image.width, image.channels], [9_600, 3]);
  } finally {
    if (before === undefined) Deno.env.delete("UNET_MEMORY");
    else Deno.env.set("UNET_MEMORY", before);
  }
});

Deno.test("a PNG whose text unpacks to gigabytes is read without it", async () => {
  const start = performance.now(), memory = Deno.memoryUsage().rss;
  const text = deflateSync(new Uint8Array(5e7).fill(97));
  const named = (head: string): Uint8Array =>
    join([new TextEncoder().encode(head), text]);
  const whole = await goodPng();
  const chunks = [
    chunk("iCCP", named("x\0\0")),
    ...Array.from({ length: 30 }, (_, at) => chunk("zTXt", named(`${at}\0\0`))),
    ...Array.from(
      { length: 30 },
      (_, at) => chunk("iTXt", named(`${at}\0\x01\0\0\0`)),
    ),
  ];
  const bytes = join([whole.subarray(0, 33), ...chunks, whole.subarray(33)]);
  assertLess(bytes.length, 4e6);
  assertEquals(
    await decodeImage(bytes, "text.png"),
    await decodeImage(whole, "plain.png"),
  );
  assertLess(performance.now() - start, 10_000);
  assertLess(Deno.memoryUsage().rss - memory, 500e6);
});
