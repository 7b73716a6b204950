import { type ClassArea, writeClassAreas } from "../outputs/class_areas.ts";
import type { Format } from "./format.ts";

/** A table of areas, one row per class, of a stack per class and plane. */
export const classCsv: Format<"classAreas"> = {
  help: "areas per class",
  ending: ".csv",
  takes: "classAreas",
  holdsStacks: true,
  open(path, { pixelSize, stack }) {
    const areas: ClassArea[] = [];
    return Promise.resolve({
      write: (piece) => Promise.resolve(void areas.push(...piece)),
      finish: () =>
        writeClassAreas(path, areas, {
          ...(pixelSize && { pixelSize }),
          ...(stack && { axis: stack.axis }),
        }),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
  },
};
