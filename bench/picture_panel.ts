import type { Buffer } from "node:buffer";
import sharp from "sharp";

/** The side of a picture's panel in pixels, and what is between two. */
const side = 384, gap = 8;

/** How much is lost to JPEG: outlines of one pixel have to stay sharp. */
const jpeg = { quality: 82, chromaSubsampling: "4:4:4" } as const;

/**
 * Puts a success and a failure side by side: of each the middle of its overlay,
 * as far as it fits a square panel.
 *
 * @param overlays The files of the two overlays.
 * @returns A JPEG.
 */
export async function joinPanels(
  overlays: readonly string[],
): Promise<Uint8Array> {
  const panels = await Promise.all(overlays.map(panelOf));
  return new Uint8Array(
    await sharp({
      create: {
        width: panels.length * (side + gap) - gap,
        height: side,
        channels: 3,
        background: "white",
      },
    }).composite(panels.map((input, place) => ({
      ...{ input, left: place * (side + gap), top: 0 },
    }))).jpeg(jpeg).toBuffer(),
  );
}

/** The middle of a picture, shrunk where it is much larger than a panel. */
async function panelOf(file: string): Promise<Buffer> {
  const { width, height } = await sharp(file).metadata();
  // A picture of four panels or more is seen at half its size.
  const shown = Math.min(width, height) >= 2 * side ? 2 * side : side;
  const part = {
    width: Math.min(shown, width),
    height: Math.min(shown, height),
  };
  return await sharp(file).extract({
    ...part,
    left: Math.floor((width - part.width) / 2),
    top: Math.floor((height - part.height) / 2),
  }).resize(side, side, { fit: "contain", background: "white" }).png()
    .toBuffer();
}
