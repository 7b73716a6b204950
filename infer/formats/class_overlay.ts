import type { Image } from "@unet/data";
import { classStyles } from "../outputs/class_color.ts";
import { drawLegend } from "../outputs/draw_legend.ts";
import { PngWriter } from "../outputs/png_writer.ts";
import { classHeadOfImage } from "./class_head_of_image.ts";
import type { Format, PartWriter } from "./format.ts";
import { overlay } from "./overlay.ts";

/** A picture of this side shows the legend's font dot by dot. */
const sideOfDots = 700;

/**
 * The classes on the image. A PNG has a legend below the image, and is wider
 * than it where the legend needs that; a TIFF with a pyramid has none, so that
 * it lies on its image.
 */
export const classOverlay: Format<"drawing"> = {
  ...overlay,
  help: "classes on the image, with a legend",
  isReadable: false,
  async open(path, image) {
    if (image.pyramid || image.stack) return await overlay.open(path, image);
    const { width, height, pixelSize } = image;
    const [, ...shown] = classStyles(classHeadOfImage(image).classes);
    const scale = Math.max(
      1,
      Math.round(Math.max(width, height) / sideOfDots),
    );
    const legend = drawLegend(shown, { width, scale });
    const file = await PngWriter.open(path, {
      ...{ width: legend.width, height: height + legend.height, channels: 3 },
      thing: "overlay",
      ...(pixelSize && { pixelSize }),
    });
    return aboveLegend(file, width, legend);
  },
};

/** Writes rows, on white where the legend is wider, and the legend at the end. */
function aboveLegend(
  file: PngWriter,
  width: number,
  legend: Image,
): PartWriter<Uint8Array> {
  const row = width * 3, wideRow = legend.width * 3;
  return {
    async write(rows) {
      const count = rows.length / row;
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
