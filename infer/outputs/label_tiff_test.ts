import { assertEquals, assertRejects } from "@std/assert";
import { decodeImage } from "@unet/data";
import sharp from "sharp";
import { LabelTiff } from "./label_tiff.ts";
import { TiffWriter } from "./tiff_writer.ts";

const folder = await Deno.makeTempDir();

/** Labels that grow from row to row, up to the largest. */
function rising(width: number, height: number, largest: number): Uint32Array {
  return Uint32Array.from(
    { length: width * height },
    (_, i) => i % 5 === 0 ? 0 : Math.floor(i * largest / (width * height - 1)),
  );
}

Deno.test("LabelTiff has 16 bits while labels fit", async () => {
  const path = `${folder}/narrow.tif`, labels = rising(30, 20, 65535);
  labels[599] = 65535;
  await using tiff = await LabelTiff.open(path, { width: 30, height: 20 });
  await tiff.writeRows(labels);
  await tiff.finish();
  assertEquals(tiff.bits, 16);
  const { data, depth } = await decodeImage(await Deno.readFile(path), path);
  assertEquals(depth, 16);
  assertEquals(data, Uint16Array.from(labels));
});

Deno.test("LabelTiff continues with 32 bits from the first label that does not fit, as if it had begun so", async () => {
  const width = 700, height = 900;
  const labels = rising(width, height, 90_000);
  await using tiff = await LabelTiff.open(`${folder}/wide.tif`, {
    ...{ width, height, pyramid: true, pixelSize: { x: 0.5, y: 0.5 } },
  });
  for (let y = 0; y < height; y += 100) {
    await tiff.writeRows(labels.subarray(y * width, (y + 100) * width));
    assertEquals(tiff.bits, y < 600 ? 16 : 32);
  }
  await tiff.finish();
  await using other = await TiffWriter.open(`${folder}/other.tif`, {
    ...{ width, height, type: "uint32", pyramid: "nearest" },
    pixelSize: { x: 0.5, y: 0.5 },
  });
  await other.writeRows(labels);
  await other.finish();
  for (const level of [-1, 0, 1]) {
    const [found, expected] = await Promise.all(
      ["wide", "other"].map((name) =>
        sharp(`${folder}/${name}.tif`, { tiff: { subifd: level } })
          .raw({ depth: "uint" }).toBuffer()
      ),
    );
    assertEquals(found!.equals(expected!), true);
  }
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
  assertEquals(names.filter((name) => name.endsWith(".part")), []);
});

Deno.test("LabelTiff leaves nothing where it is aborted, before and after it is widened", async () => {
  const place = await Deno.makeTempDir();
  for (const label of [1, 70_000]) {
    await using tiff = await LabelTiff.open(`${place}/a.tif`, {
      ...{ width: 1, height: 2 },
    });
    await tiff.writeRows(new Uint32Array([label]));
    await assertRejects(
      () => tiff.finish(),
      RangeError,
      "Cannot write TIFF: found 1 rows at the end, expected 2",
    );
  }
  assertEquals([...Deno.readDirSync(place)], []);
});
