import { InstanceGeoJson } from "../outputs/instance_geojson.ts";
import type { Format } from "./format.ts";
import { toPartWriter } from "./to_part_writer.ts";

/** Outlines with measurements, as QuPath reads them. */
export const geojson: Format<"measured"> = {
  help: "outlines for QuPath",
  ending: ".geojson",
  takes: "measured",
  async open(path) {
    const file = await InstanceGeoJson.open(path);
    return toPartWriter(
      file,
      ({ instances, measurements }) => file.add(instances, measurements),
    );
  },
};
