import { RoiZip } from "../outputs/roi_zip.ts";
import type { Format } from "./format.ts";
import { toPartWriter } from "./to_part_writer.ts";

/** Outlines, as ImageJ's ROI Manager reads them. */
export const roi: Format<"instances"> = {
  help: "outlines for ImageJ",
  ending: "_rois.zip",
  takes: "instances",
  async open(path) {
    const file = await RoiZip.open(path);
    return toPartWriter(file, (instances) => file.add(instances));
  },
};
