import { TiffWriter } from "../outputs/tiff_writer.ts";
import type { Format } from "./format.ts";
import { toPartWriter } from "./to_part_writer.ts";

/** The mask as TIFF. */
export const tiff: Format<"mask"> = {
  help: "mask",
  ending: ".tif",
  takes: "mask",
  isReadable: true,
  holdsStacks: true,
  options: ["pyramid"],
  async open(path, { width, height, pixelSize, pyramid, stack }) {
    const file = await TiffWriter.open(path, {
      ...{ width, height, type: "uint8", thing: "mask" },
      ...(pixelSize && { pixelSize }),
      ...(stack && { stack }),
      ...(pyramid && { pyramid: "nearest" }),
    });
    return toPartWriter(file, (rows) => file.writeRows(rows));
  },
};
