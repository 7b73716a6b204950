import { classStyles } from "../outputs/class_color.ts";
import { PngWriter } from "../outputs/png_writer.ts";
import { classHeadOfImage } from "./class_head_of_image.ts";
import type { Format } from "./format.ts";
import { toPartWriter } from "./to_part_writer.ts";

/**
 * The class map as PNG: class numbers with a palette of the classes' colors,
 * and their names in the description.
 */
export const classPng: Format<"classMap"> = {
  help: "class map in colors",
  ending: ".png",
  takes: "classMap",
  isReadable: true,
  async open(path, image) {
    const { width, height, pixelSize } = image;
    const { classes } = classHeadOfImage(image);
    const file = await PngWriter.open(path, {
      ...{ width, height, thing: "class map" },
      palette: classStyles(classes).map(({ color }) => color),
      description: classes.map((name, at) => `${at} ${name}`).join("\n"),
      ...(pixelSize && { pixelSize }),
    });
    return toPartWriter(file, (rows) => file.writeRows(rows));
  },
};
