import { TiffWriter } from "../outputs/tiff_writer.ts";
import type { Format } from "./format.ts";
import { toPartWriter } from "./to_part_writer.ts";

/**
 * The class map as TIFF: class numbers without a palette, which every program
 * reads as numbers.
 */
export const classTiff: Format<"classMap"> = {
  help: "class numbers",
  ending: ".tif",
  takes: "classMap",
  holdsStacks: true,
  isReadable: true,
  options: ["pyramid"],
  async open(path, { width, height, pixelSize, pyramid, stack }) {
    const file = await TiffWriter.open(path, {
      ...{ width, height, type: "uint8", thing: "class map" },
      ...(pixelSize && { pixelSize }),
      ...(stack && { stack }),
      ...(pyramid && { pyramid: "nearest" }),
    });
    return toPartWriter(file, (rows) => file.writeRows(rows));
  },
};
