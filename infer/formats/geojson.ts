import { classStyles } from "../outputs/class_color.ts";
import { InstanceGeoJson } from "../outputs/instance_geojson.ts";
import type { Format } from "./format.ts";
import { toPartWriter } from "./to_part_writer.ts";

/** Outlines with measurements and classes, as QuPath reads them. */
export const geojson: Format<"measured"> = {
  help: "outlines for QuPath",
  ending: ".geojson",
  takes: "measured",
  holdsStacks: true,
  async open(path, { classHead }) {
    const file = await InstanceGeoJson.open(path, {
      ...(classHead && { classes: classStyles(classHead.classes) }),
    });
    return toPartWriter(
      file,
      ({ instances, measurements }) => file.add(instances, measurements),
    );
  },
};
