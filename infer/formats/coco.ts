import { InstanceCoco } from "../outputs/instance_coco.ts";
import type { Format } from "./format.ts";
import { toPartWriter } from "./to_part_writer.ts";

/** Exact pixels as run lengths, as pycocotools and its like read them. */
export const coco: Format<"instances"> = {
  help: "masks as COCO's JSON",
  ending: "_coco.json",
  takes: "instances",
  async open(path, { name, width, height, classHead }) {
    const file = await InstanceCoco.open(path, {
      ...{ name, width, height },
      ...(classHead && { classNames: classHead.classes }),
    });
    return toPartWriter(file, (instances) => file.add(instances));
  },
};
