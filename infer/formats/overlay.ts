import { PngWriter } from "../outputs/png_writer.ts";
import { TiffWriter } from "../outputs/tiff_writer.ts";
import type { Format } from "./format.ts";
import { toPartWriter } from "./to_part_writer.ts";
import { openWithLegend } from "./with_legend.ts";

/**
 * Outlines on the image, as PNG, or as TIFF with a pyramid or planes. Where
 * instances have classes, a PNG has a legend of these below the image.
 */
export const overlay: Format<"drawing"> = {
  help: "outlines on the image",
  ending: "_overlay.png",
  pyramidEnding: "_overlay.tif",
  takes: "drawing",
  isReadable: true,
  holdsStacks: true,
  options: ["style", "pyramid"],
  async open(path, image) {
    const { width, height, pixelSize, pyramid, stack } = image;
    if (image.classHead && image.style === "instances" && !pyramid && !stack) {
      return await openWithLegend(path, image);
    }
    const options = {
      ...{ width, height, channels: 3, thing: "overlay" } as const,
      ...(pixelSize && { pixelSize }),
    };
    const file = pyramid || stack
      ? await TiffWriter.open(path, {
        ...{ ...options, type: "uint8" },
        ...(pyramid && { pyramid: "mean" }),
        ...(stack && { stack }),
      })
      : await PngWriter.open(path, options);
    return toPartWriter(file, (rows) => file.writeRows(rows));
  },
};
