import { Buffer } from "node:buffer";
import { join } from "@std/path";
import { encodePng, type Size, synthesize } from "@unet/data";
import { makeFolder, writeFile } from "@unet/files";
import sharp from "sharp";

/** What is measured in the studio's page. */
export const studioWorks = ["paint", "slide", "list", "slider"] as const;

/** A work, and how much there is to do. */
export interface StudioWork {
  /** What is measured. */
  readonly name: typeof studioWorks[number];
  /** Height and width of the image in pixels; of a list, how many images. */
  readonly size: number;
}

/**
 * Makes the folder that a studio opens.
 *
 * @param parent Where.
 * @param work What is measured there.
 * @returns The folder.
 */
export async function makeStudioFolder(
  parent: string,
  { name, size }: StudioWork,
): Promise<string> {
  const folder = join(parent, name);
  await makeFolder(folder);
  if (name === "list") await listImages(folder, size);
  else if (name === "slider") {
    const [sample] = synthesize({ count: 1, ...sliderSize, seed: 0 });
    const png = await encodePng(sample!.image);
    await writeFile(join(folder, "image.png"), png);
  } else {
    const square = { width: size, height: size };
    await writeMosaic(join(folder, "image.tif"), square);
  }
  return folder;
}

/** The size of the image whose objects a slider changes. */
const sliderSize = { width: 1600, height: 1000 };

/** Images that differ among those of a list. */
const different = 10;

/** Thousands of images, of which a few differ. */
async function listImages(folder: string, count: number): Promise<void> {
  const samples = [...synthesize({
    ...{ count: different, width: 256, height: 256, seed: 0 },
  })];
  const files = await Promise.all(samples.map(async ({ image }, at) => {
    const path = join(folder, `image ${at + 1}.png`);
    await writeFile(path, await encodePng(image));
    return path;
  }));
  for (let at = different; at < count; at++) {
    // Names of the same content: the disk is not what is measured.
    const path = join(folder, `image ${at + 1}.png`);
    await Deno.link(files[at % different]!, path);
  }
}

/** The side of the tissue that is drawn, again and again. */
const tissueSide = 1000;

/**
 * Draws stained tissue of any size as slides are stored: a tiled TIFF of JPEG
 * with a pyramid.
 */
async function writeMosaic(
  path: string,
  { width, height }: Size,
): Promise<void> {
  const side = { width: tissueSide, height: tissueSide };
  const [, stained] = synthesize({ count: 2, ...side, seed: 0 });
  const input = Buffer.from(await encodePng(stained!.image));
  await sharp({
    create: { width, height, channels: 3, background: "white" },
    limitInputPixels: false,
  })
    .composite([{ input, tile: true }])
    .tiff({
      ...{ compression: "jpeg", quality: 85, pyramid: true, bigtiff: true },
      ...{ tile: true, tileWidth: 256, tileHeight: 256 },
    })
    .toFile(path);
}
