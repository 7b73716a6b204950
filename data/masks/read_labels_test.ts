import { assertEquals, assertRejects } from "@std/assert";
import { FileError } from "@unet/errors";
import files from "../fixtures/masks.json" with { type: "json" };
import { encodePng } from "../images/encode_png.ts";
import { unlabeled } from "../targets/class_target.ts";
import { readLabels } from "./read_labels.ts";

async function saved(bytes: Uint8Array): Promise<string> {
  const path = await Deno.makeTempFile();
  await Deno.writeFile(path, bytes);
  return path;
}

/** Files that are refused, and why. */
const refused: Readonly<Record<string, string>> = {
  "negative numbers": "the value -",
  "a page per object": "4 pages",
  "three pages as tifffile stores them": "colors",
  "JPEG in a TIFF": "lossy compression",
  "white, with shapes in alpha": "shapes in transparency",
  "gray with shapes in alpha": "shapes in transparency",
  "a TIFF with shapes in alpha": "shapes in transparency",
  "colors": "colors",
  "colors in a TIFF": "colors",
  "four layers, the fourth marked as alpha": "colors",
  "a GIF of two frames": "2 pages",
};

for (const { name, file, values } of files) {
  Deno.test(`readLabels() reads whole numbers alone: ${name}`, async () => {
    const path = await saved(Uint8Array.fromBase64(file));
    const why = refused[name];
    if (why !== undefined) {
      await assertRejects(() => readLabels(path, 1e6), FileError, why);
    } else {
      const { data, isBinary } = await readLabels(path, 1e6);
      const numbers = values.map(Number);
      if (isBinary) {
        assertEquals(Array.from(data, Boolean), numbers.map(Boolean));
      } else assertEquals(Array.from(data), numbers);
      assertEquals(isBinary, new Set(numbers).size <= 2);
    }
    await Deno.remove(path);
  });
}

async function labelsOf(
  depth: 8 | 16,
  numbers: readonly number[],
): Promise<number[]> {
  const data = depth === 8
    ? Uint8Array.from(numbers)
    : Uint16Array.from(numbers);
  const size = { width: numbers.length, height: 1, channels: 1, depth };
  const path = await saved(await encodePng({ ...size, data }));
  const labels = await readLabels(path, 100);
  await Deno.remove(path);
  return [...labels.data];
}

Deno.test("readLabels() takes the largest number of 16 bits for unlabeled, beside objects", async () => {
  assertEquals(await labelsOf(16, [0, 3, 65535, 3]), [0, 3, unlabeled, 3]);
  // Alone, it is white.
  assertEquals(await labelsOf(16, [65535, 0, 65535]), [1, 0, 2]);
  assertEquals(await labelsOf(8, [0, 3, 255]), [0, 3, 255]);
  assertEquals(await labelsOf(16, [0, 300, 0, 300]), [0, 300, 0, 300]);
});

Deno.test("readLabels() refuses more pixels than it may read", async () => {
  const data = new Uint8Array(200);
  const size = { width: 20, height: 10, channels: 1, depth: 8 } as const;
  const path = await saved(await encodePng({ ...size, data }));
  await assertRejects(() => readLabels(path, 100), FileError, "20×10 pixels");
  await Deno.remove(path);
});
