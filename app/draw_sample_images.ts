/**
 * Images to try the program with.
 *
 * @module
 */
import { join } from "@std/path";
import { encodePng, synthesize } from "@unet/data";
import { writeFile } from "@unet/files";

/** How many sample images are drawn, and which. */
export interface SampleImagesOptions {
  /** How many; 10 by default. */
  readonly count?: number;
  /** Height and width, at least 32; 320 by default. */
  readonly size?: number;
  /** The seed; 0 by default. */
  readonly seed?: number;
}

/**
 * Draws images of nuclei into a folder, without masks: those are what a person
 * tries to get.
 *
 * @param folder Where, made if it is not there.
 * @param options How many.
 * @returns The names of the files.
 * @throws {FileError} If one cannot be written.
 *
 * @example
 * ```ts
 * import { drawSampleImages } from "@unet/app/draw-sample-images";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const names = await drawSampleImages(folder, { count: 2, size: 64 });
 * assertEquals(names, ["fluorescence-0000.png", "stained-0001.png"]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function drawSampleImages(
  folder: string,
  { count = 10, size = 320, seed = 0 }: SampleImagesOptions = {},
): Promise<string[]> {
  const names: string[] = [];
  for (
    const { id, image } of synthesize({
      ...{ count, width: size, height: size, seed },
    })
  ) {
    const name = `${id}.png`;
    await writeFile(join(folder, name), await encodePng(image), "image");
    names.push(name);
  }
  return names;
}
