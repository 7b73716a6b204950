import { RoiZip } from "../outputs/roi_zip.ts";
import type { Format } from "./format.ts";
import { toPartWriter } from "./to_part_writer.ts";

/** Outlines, as ImageJ's ROI Manager reads them, named for their classes. */
export const roi: Format<"instances"> = {
  help: "outlines for ImageJ",
  ending: "_rois.zip",
  takes: "instances",
  holdsStacks: true,
  async open(path, { classHead }) {
    const file = await RoiZip.open(path, {
      ...(classHead && { classNames: classHead.classes }),
    });
    return toPartWriter(file, (instances) => file.add(instances));
  },
};
