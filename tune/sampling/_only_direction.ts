import { cannot } from "@unet/errors";
import type { Direction, Study } from "../study.ts";

/**
 * The direction of a study that has one.
 *
 * @param what Who asks, as in "TPE".
 * @throws {RangeError} If the study has none or several.
 */
export function onlyDirection(what: string, study: Study): Direction {
  const [direction, ...rest] = study.directions;
  if (direction !== undefined && rest.length === 0) return direction;
  throw new RangeError(cannot(`use ${what} on`, "study", study.name, {
    found: `${study.directions.length} directions`,
    expected: "one",
  }));
}
