// deno-lint-ignore-file no-console
import { join } from "@std/path";
import { segment } from "@unet/app";
import { cannot, DatasetError } from "@unet/errors";
import { writeFile } from "@unet/files";
import sharp from "sharp";

/** A picture for a page: what a model finds in an image. */
export interface OverlayPicture {
  /** The image's file. */
  readonly image: string;
  /** A run folder, a model file or a published model. */
  readonly model: string;
  /** The device; the fastest if not given. */
  readonly device?: string | undefined;
  /** Whether each object has a color of its own. */
  readonly isOfInstances: boolean;
  /** The part that is shown, in pixels; all if not given. */
  readonly part?: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
  /** The width that the picture is reduced to; unchanged if not given. */
  readonly width?: number;
  /** The JPEG to write. */
  readonly out: string;
}

/**
 * Segments an image, and writes its overlay or a part of it as JPEG.
 *
 * @throws {UnetError} If the image cannot be segmented or the file be written.
 */
export async function drawOverlayPicture(
  { image, model, device, isOfInstances, part, width, out }: OverlayPicture,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "unet-picture-" });
  try {
    const { failed } = await segment([image], {
      ...{ model, out: folder },
      formats: isOfInstances ? ["labels", "overlay"] : ["png", "overlay"],
      ...(device !== undefined && { device }),
    }, { onNote: (line) => console.error(line) });
    const drawn = [...Deno.readDirSync(folder)].map(({ name }) => name)
      .find((name) => name.endsWith("_overlay.png"));
    if (failed > 0 || drawn === undefined) {
      throw new DatasetError(
        cannot("draw", "image", image, { found: "no overlay of it" }),
      );
    }
    let picture = sharp(join(folder, drawn));
    if (part) picture = picture.extract(part);
    if (width !== undefined) picture = picture.resize({ width });
    const jpeg = await picture
      .jpeg({ quality: 85, chromaSubsampling: "4:4:4" }).toBuffer();
    await writeFile(out, new Uint8Array(jpeg), "picture");
    console.log(`${out}: ${(jpeg.length / 1e3).toFixed(0)} KB`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
