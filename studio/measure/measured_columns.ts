import { type MeasuredMask, tableOfMask } from "@unet/app/mask-measurer";
import { briefText, cannot, UnetError } from "@unet/errors";
import { writeObjects } from "@unet/infer/write-objects";
import type { MeasuredColumns, MeasuredFile } from "./measure_messages.ts";
import { takesObject } from "./object_filter.ts";

/** Writes the objects that a filter takes. */
export async function writeChosen(
  measured: MeasuredMask,
  { path, format, name, filter, offset }: MeasuredFile,
): Promise<void> {
  const { columns, rows } = tableOfMask(measured);
  const places = new Map(columns.map((column, at) => [column, at]));
  for (const column of Object.keys(filter.ranges)) {
    if (places.has(column) && column !== "class") continue;
    throw new UnetError(
      cannot("filter", "objects of image", name, {
        found: `a range of column "${briefText(column)}"`,
        expected: columns.filter((one) => one !== "class").join(", "),
      }),
    );
  }
  const isTaken = rows.map((row) =>
    takesObject(filter, (column) => {
      const value = row[places.get(column) ?? -1];
      return typeof value === "number" ? value : NaN;
    }, String(row[places.get("class") ?? -1] ?? ""))
  );
  await writeObjects(path, format, {
    ...{ ...measured, name },
    instances: measured.instances.filter((_, at) => isTaken[at])
      .map((instance) =>
        format === "geojson" && offset
          ? {
            ...instance,
            x: instance.x + offset.x,
            y: instance.y + offset.y,
          }
          : instance
      ),
    measurements: measured.measurements.filter((_, at) => isTaken[at]),
  });
}

/** The table as numbers: a class by its place among the classes. */
export function columnsOf(
  measured: MeasuredMask,
  isWanted: boolean,
): MeasuredColumns {
  const { columns, rows } = tableOfMask(measured);
  const { classes = null, measurements } = measured;
  const values = new Float64Array(isWanted ? columns.length * rows.length : 0);
  if (isWanted) {
    for (const [column, name] of columns.entries()) {
      const from = column * rows.length;
      for (let row = 0; row < rows.length; row++) {
        const value = name === "class"
          ? measurements[row]!.class
          : rows[row]![column];
        values[from + row] = typeof value === "number" ? value : NaN;
      }
    }
  }
  return {
    ...{ columns, classes, rows: rows.length, values },
    hasMicrometers: measured.pixelSize !== undefined,
  };
}
