import { LabelTiff } from "../outputs/label_tiff.ts";
import type { Format } from "./format.ts";
import { toPartWriter } from "./to_part_writer.ts";

/** Instance numbers as TIFF. */
export const labels: Format<"labels"> = {
  help: "instance numbers",
  ending: "_labels.tif",
  takes: "labels",
  isReadable: true,
  holdsStacks: true,
  options: ["pyramid"],
  async open(path, image) {
    const file = await LabelTiff.open(path, image);
    return toPartWriter(file, (rows) => file.writeRows(rows));
  },
};
