import { assertEquals, assertRejects } from "@std/assert";
import { BlobWriter, ZipWriter } from "@zip.js/zip.js";
import { FileError } from "@unet/errors";
import { unzipImages } from "./unzip_images.ts";

/** A zip of files that hold their own names; Z in a name becomes `to`. */
async function zipOf(names: readonly string[], to = "Z"): Promise<Blob> {
  const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false });
  for (const name of names) {
    await writer.add(name, new Blob([name]).stream(), { level: 0 });
  }
  const bytes = await (await writer.close()).bytes();
  return new Blob([bytes.map((byte) => byte === 90 ? to.charCodeAt(0) : byte)]);
}

Deno.test("unzipImages() takes images alone, and no masks", async () => {
  const names = ["a.png", "in/b.tif", "masks/a.png", "note.txt", ".x/c.png"];
  const files = await unzipImages(await zipOf(names), "images.zip");
  assertEquals(files.map(({ path }) => path), ["a.png", "in/b.tif"]);
  assertEquals(await files[1]!.content.text(), "in/b.tif");
});

Deno.test("unzipImages() refuses a path that leads out, and calls the zip not damaged", async () => {
  const zips = [
    [await zipOf(["a.png", "ZZ/b.png"], "."), '"../b.png", a path that leads'],
    [await zipOf(["a.png", "Za.png"], "/"), '"/a.png", a path that leads'],
    [await zipOf(["a.png", "aZb.png"], "\\"), "a path that leads out of"],
  ] as const;
  for (const [zip, words] of zips) {
    await assertRejects(() => unzipImages(zip, "images.zip"), FileError, words);
  }
});

Deno.test("unzipImages() refuses what is cut off, and a zip without images", async () => {
  const zip = await zipOf(["a.png"]);
  await assertRejects(
    () => unzipImages(zip.slice(0, zip.size - 30), "images.zip"),
    FileError,
    "found a damaged zip",
  );
  await assertRejects(
    async () => await unzipImages(await zipOf(["a.txt"]), "images.zip"),
    FileError,
    "found no image, expected PNG, JPEG or TIFF",
  );
});
