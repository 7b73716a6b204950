/**
 * Draws the picture of docs/large-images.md: a part of a slide with what a
 * model finds there. `deno task bench slide`, of which README.md says more.
 */
// deno-lint-ignore-file no-console
import { join } from "@std/path";
import { segment } from "@unet/app";
import { cannot, DatasetError } from "@unet/errors";
import { writeFile } from "@unet/files";
import sharp from "sharp";
import { readFlags, wrong } from "./read_flags.ts";

/** The part of OpenSlide's CMU-1-Small-Region.svs that is shown. */
const part = { left: 875, top: 1555, width: 600, height: 450 };

/**
 * Segments a slide and writes a part of its overlay.
 *
 * @param args The command line, after the benchmark's name.
 * @throws {UsageError} If a flag or its value is not allowed.
 * @throws {UnetError} If the slide cannot be segmented or the file be written.
 */
export async function drawSlidePicture(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, {
    switches: [],
    values: ["model", "slide", "out", "device"],
  });
  const slide = flags.text("slide"), device = flags.text("device");
  if (slide === undefined) throw wrong("slide", undefined, "a file");
  const out = flags.text("out") ?? "docs/large-images/slide.jpg";
  const folder = await Deno.makeTempDir({ prefix: "unet-slide-" });
  try {
    const { failed } = await segment([slide], {
      ...{ model: flags.text("model") ?? "nuclei", out: folder },
      // Labels, so that each object has a color of its own.
      formats: ["labels", "overlay"],
      ...(device !== undefined && { device }),
    }, { onNote: (line) => console.error(line) });
    const drawn = [...Deno.readDirSync(folder)].map(({ name }) => name)
      .find((name) => name.endsWith("_overlay.png"));
    if (failed > 0 || drawn === undefined) {
      throw new DatasetError(
        cannot("draw", "slide", slide, { found: "no overlay of it" }),
      );
    }
    const picture = await sharp(join(folder, drawn)).extract(part)
      .jpeg({ quality: 85, chromaSubsampling: "4:4:4" }).toBuffer();
    await writeFile(out, new Uint8Array(picture), "picture");
    console.log(`${out}: ${(picture.length / 1e3).toFixed(0)} KB`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
