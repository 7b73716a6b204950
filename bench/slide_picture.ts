/**
 * Draws the picture of docs/large-images.md: a part of a slide with what a
 * model finds there. `deno task bench slide`, of which README.md says more.
 */
import { drawOverlayPicture } from "./overlay_picture.ts";
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
  const slide = flags.text("slide");
  if (slide === undefined) throw wrong("slide", undefined, "a file");
  await drawOverlayPicture({
    image: slide,
    model: flags.text("model") ?? "nuclei",
    device: flags.text("device"),
    isOfInstances: true,
    part,
    out: flags.text("out") ?? "docs/large-images/slide.jpg",
  });
}
