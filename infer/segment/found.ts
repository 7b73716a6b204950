import type { Counts } from "./output_files.ts";
import type { Source } from "./open_source.ts";
import type { DoneEvent } from "../batch/manifest_event.ts";

/** What was found on an image, as a manifest notes it. */
export type Found = Pick<
  DoneEvent,
  "counts" | "sizes" | "classes" | "objectClasses"
>;

/** What an earlier run found on an image. */
export function foundBefore(
  { counts, sizes, classes, objectClasses }: DoneEvent,
): Found {
  return {
    ...{ counts, ...(sizes && { sizes }), ...(classes && { classes }) },
    ...(objectClasses && { objectClasses }),
  };
}

/** What this run found on an image. */
export function foundNow(
  counted: Counts,
  { image: { width, height }, stack }: Pick<Source, "image" | "stack">,
): Found {
  const size = {
    ...{ width, height },
    ...(stack && { [`${stack.axis}s`]: stack.count }),
  };
  if ("classes" in counted) return { counts: size, classes: counted.classes };
  const { sizes, objectClasses, ...counts } = counted;
  return {
    ...{ counts: { ...size, ...counts }, sizes },
    ...(objectClasses && { objectClasses }),
  };
}
