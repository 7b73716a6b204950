/**
 * Draws the picture of docs/class-maps.md: the classes of an electron
 * micrograph. `deno task bench nerve`, of which README.md says more.
 */
import { drawOverlayPicture } from "./overlay_picture.ts";
import { readFlags, wrong } from "./read_flags.ts";

/**
 * Segments a micrograph and writes its overlay with the legend.
 *
 * @param args The command line, after the benchmark's name.
 * @throws {UsageError} If a flag or its value is not allowed.
 * @throws {UnetError} If the image cannot be segmented or the file be written.
 */
export async function drawNervePicture(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, {
    switches: [],
    values: ["model", "image", "out", "device"],
  });
  const image = flags.text("image");
  if (image === undefined) throw wrong("image", undefined, "a file");
  await drawOverlayPicture({
    image,
    model: flags.text("model") ?? "axons",
    device: flags.text("device"),
    isOfInstances: false,
    width: 700,
    out: flags.text("out") ?? "docs/class-maps/nerve.jpg",
  });
}
