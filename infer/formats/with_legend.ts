import { classStyles } from "../outputs/class_color.ts";
import { drawLegend } from "../outputs/draw_legend.ts";
import { PngWriter } from "../outputs/png_writer.ts";
import { classHeadOfImage } from "./class_head_of_image.ts";
import type { OutputImage, PartWriter } from "./format.ts";

/** A picture of this side shows the legend's font dot by dot. */
const sideOfDots = 700;

/**
 * Begins a PNG of a drawing above a legend of the classes. It is wider than the
 * image where the legend needs that.
 *
 * @param path The file.
 * @param image The image, with its classes.
 * @throws {FileError} If it cannot be made.
 */
export async function openWithLegend(
  path: string,
  image: OutputImage,
): Promise<PartWriter<Uint8Array>> {
  const { width, height, pixelSize } = image;
  const [, ...shown] = classStyles(classHeadOfImage(image).classes);
  const scale = Math.max(1, Math.round(Math.max(width, height) / sideOfDots));
  const legend = drawLegend(shown, { width, scale });
  const file = await PngWriter.open(path, {
    ...{ width: legend.width, height: height + legend.height, channels: 3 },
    thing: "overlay",
    ...(pixelSize && { pixelSize }),
  });
  const row = width * 3, wideRow = legend.width * 3;
  return {
    async write(rows) {
      const count = rows.length / row;
      // White where the legend is wider.
      const wide = new Uint8Array(count * wideRow).fill(255);
      for (let y = 0; y < count; y++) {
        wide.set(rows.subarray(y * row, (y + 1) * row), y * wideRow);
      }
      await file.writeRows(wide);
    },
    async finish() {
      await file.writeRows(legend.data as Uint8Array);
      await file.finish();
    },
    [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
  };
}
