import { join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import {
  describeSystemFault,
  removeLeftovers,
  replaceFolder,
  writeFile,
} from "@unet/files";
import { encodePng } from "../images/encode_png.ts";
import { toRgb8 } from "../images/rgb8.ts";
import type { Image, Labels, Sample } from "../types.ts";

/**
 * Writes samples as a dataset in Kaggle's layout: `ID/images/ID.png`, and one
 * mask per nucleus, 0 and 255, in `ID/masks/`. Each case appears whole or not at
 * all. A sample without nuclei gets one all-black mask; an image of floats is
 * written as {@linkcode toRgb8} makes it.
 *
 * @param samples Written one after the other, as they come.
 * @param folder Empty, or not there yet.
 * @returns How many samples were written.
 * @throws {FileError} If the folder holds anything or cannot be written.
 * @throws {RangeError} If an id comes twice or is no name for a folder.
 *
 * @example
 * ```ts
 * import { openDataset, readCase, writeKaggle } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const sample = {
 *   id: "drawn",
 *   image: { width: 2, height: 1, channels: 1, depth: 8, data: new Uint8Array([9, 0]) },
 *   labels: { width: 2, height: 1, data: new Uint32Array([1, 0]) },
 * } as const;
 * const folder = await Deno.makeTempDir();
 * await writeKaggle([sample], folder);
 * const dataset = await openDataset(folder);
 * assertEquals(await readCase(dataset.cases[0]!), sample);
 * dataset.close();
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writeKaggle(
  samples: AsyncIterable<Sample> | Iterable<Sample>,
  folder: string,
): Promise<number> {
  await requireEmpty(folder);
  const ids = new Set<string>();
  for await (const sample of samples) {
    const { id, image, labels } = sample;
    if (!/^[^./\\:][^/\\:]*$/.test(id) || ids.has(id)) {
      throw new RangeError(
        `Cannot write sample "${id}": found ${
          ids.has(id) ? "its id twice" : "an id that is no folder's name"
        }, expected different names`,
      );
    }
    ids.add(id);
    await replaceFolder(join(folder, id), async (path) => {
      const picture = image.depth === 32 ? toRgb8(image) : image;
      await writeFile(
        join(path, "images", `${id}.png`),
        await encodePng(picture),
      );
      const numbers = numbersOf(labels);
      for (const number of numbers.length > 0 ? numbers : [0]) {
        const name = `${String(number).padStart(5, "0")}.png`;
        const mask = await encodePng(maskOf(labels, number));
        await writeFile(join(path, "masks", name), mask);
      }
    });
  }
  return ids.size;
}

function numbersOf(labels: Labels): number[] {
  const numbers = new Set(labels.data);
  numbers.delete(0);
  return [...numbers].sort((a, b) => a - b);
}

function maskOf({ width, height, data }: Labels, number: number): Image {
  const mask = new Uint8Array(data.length);
  if (number > 0) {
    for (let index = 0; index < data.length; index++) {
      if (data[index] === number) mask[index] = 255;
    }
  }
  return { width, height, channels: 1, depth: 8, data: mask };
}

async function requireEmpty(folder: string): Promise<void> {
  if (entriesOf(folder).length === 0) return;
  // A killed run may have left no more than temporary files.
  await removeLeftovers(folder);
  if (entriesOf(folder).length === 0) return;
  throw new FileError(cannot("write", "dataset", folder, {
    found: "a folder with files in it",
    expected: "an empty one, or none",
    remedy: "name another, or remove it",
  }));
}

function entriesOf(folder: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(folder)];
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return [];
    throw new FileError(
      cannot("write", "dataset", folder, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}
