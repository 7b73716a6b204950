import { PngWriter } from "../outputs/png_writer.ts";
import type { Format } from "./format.ts";
import { toPartWriter } from "./to_part_writer.ts";

/** The mask as PNG. */
export const png: Format<"mask"> = {
  help: "mask",
  ending: ".png",
  takes: "mask",
  isReadable: true,
  async open(path, { width, height, pixelSize }) {
    const file = await PngWriter.open(path, {
      ...{ width, height, thing: "mask" },
      ...(pixelSize && { pixelSize }),
    });
    return toPartWriter(file, (rows) => file.writeRows(rows));
  },
};
