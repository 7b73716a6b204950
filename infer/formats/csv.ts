import { MeasurementCsv } from "../outputs/measurement_csv.ts";
import type { Format } from "./format.ts";
import { toPartWriter } from "./to_part_writer.ts";

/** A table of measurements, one row per instance. */
export const csv: Format<"measured"> = {
  help: "measurements",
  ending: ".csv",
  takes: "measured",
  holdsStacks: true,
  async open(path, { channels, stack, classHead }) {
    const file = await MeasurementCsv.open(path, {
      channels,
      ...(stack && { axis: stack.axis }),
      ...(classHead && { classNames: classHead.classes }),
    });
    return toPartWriter(file, ({ measurements }) => file.add(measurements));
  },
};
