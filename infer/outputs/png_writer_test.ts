import { assertEquals, assertRejects } from "@std/assert";
import { decodeImage } from "@unet/data";
import fc from "fast-check";
import sharp from "sharp";
import { PngWriter } from "./png_writer.ts";

const folder = await Deno.makeTempDir();

Deno.test("PngWriter writes what decodeImage() reads back, however the rows are cut", async () => {
  const path = `${folder}/a.png`;
  const images = fc.record({
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 40 }),
    channels: fc.constantFrom(1 as const, 3 as const),
    depth: fc.constantFrom(8 as const, 16 as const),
    cuts: fc.array(fc.nat(40), { maxLength: 5 }),
    seed: fc.nat(),
  });
  await fc.assert(
    fc.asyncProperty(images, async (drawn) => {
      const { width, height, channels, depth, seed } = drawn;
      const row = width * channels;
      const data = new (depth === 8 ? Uint8Array : Uint16Array)(row * height);
      data.forEach((_, index) => data[index] = (index * 40503 + seed) * 31);
      await using png = await PngWriter.open(path, drawn);
      const ends = drawn.cuts.map((cut) => Math.min(cut, height));
      let y = 0;
      for (const end of [...ends.sort((a, b) => a - b), height]) {
        const rows = data.slice(y * row, end * row);
        await png.writeRows(rows);
        rows.fill(0);
        y = end;
      }
      await png.finish();
      const read = await decodeImage(await Deno.readFile(path), path);
      assertEquals(read, { width, height, channels, depth, data });
    }),
    { numRuns: 60 },
  );
});

Deno.test("PngWriter writes rows of more than it compresses at once", async () => {
  const path = `${folder}/large.png`, width = 3000, height = 900;
  const data = new Uint8Array(width * height);
  data.forEach((_, index) =>
    data[index] = index % 3000 < index / 3000 ? 255 : 0
  );
  await using png = await PngWriter.open(path, { width, height });
  await png.writeRows(data);
  await png.finish();
  const read = await decodeImage(await Deno.readFile(path), path);
  assertEquals(read.data, data);
});

Deno.test("PngWriter stores the pixel size", async () => {
  const path = `${folder}/size.png`;
  const pixelSize = { x: 0.25, y: 0.25 };
  await using png = await PngWriter.open(path, {
    ...{ width: 1, height: 1, pixelSize },
  });
  await png.writeRows(new Uint8Array(1));
  await png.finish();
  const { density } = await sharp(path).metadata();
  assertEquals(density, Math.round(25_400 / 0.25));
});

Deno.test("PngWriter refuses sizes, types and rows that do not fit, and leaves nothing", async () => {
  const place = await Deno.makeTempDir(), path = `${place}/a.png`;
  await assertRejects(
    () => PngWriter.open(path, { width: 0, height: 3 }),
    RangeError,
    "Cannot write PNG: found 0×3 pixels, expected integers from 1",
  );
  {
    await using png = await PngWriter.open(path, { width: 4, height: 2 });
    await assertRejects(
      () => png.writeRows(new Uint16Array(4)),
      TypeError,
      "Cannot write PNG: found Uint16Array, expected Uint8Array",
    );
    await assertRejects(
      () => png.writeRows(new Uint8Array(3)),
      RangeError,
      "Cannot write PNG: found 3 values, expected rows of 4",
    );
    await assertRejects(
      () => png.writeRows(new Uint8Array(12)),
      RangeError,
      "Cannot write PNG: found 3 rows, expected 2",
    );
    await png.writeRows(new Uint8Array(4));
    await assertRejects(
      () => png.finish(),
      RangeError,
      "Cannot write PNG: found 1 rows at the end, expected 2",
    );
  }
  assertEquals([...Deno.readDirSync(place)], []);
});

Deno.test("PngWriter takes no rows after the end", async () => {
  const path = `${folder}/ended.png`;
  await using png = await PngWriter.open(path, { width: 1, height: 1 });
  await png.writeRows(new Uint8Array(1));
  await png.finish();
  await assertRejects(() => png.writeRows(new Uint8Array(1)), RangeError);
  await assertRejects(
    () => png.finish(),
    TypeError,
    "found it finished or aborted",
  );
});

Deno.test("PngWriter refuses palettes of other sizes, and with colors or 16 bits", async () => {
  const path = `${folder}/palette.png`, size = { width: 2, height: 1 };
  const black = [0, 0, 0] as const;
  for (
    const [given, found] of [
      [{ palette: [] }, "0 colors for 1×8"],
      [{ palette: Array(257).fill(black) }, "257 colors for 1×8"],
      [{ palette: [black], channels: 3 }, "1 colors for 3×8"],
      [{ palette: [black], depth: 16 }, "1 colors for 1×16"],
    ] as const
  ) {
    await assertRejects(
      () => PngWriter.open(path, { ...size, ...given }),
      RangeError,
      `Cannot write PNG: found a palette of ${found} bits, expected 1 to 256`,
    );
  }
});
