import type { Head } from "@unet/task";

/**
 * The names of what heads give, one per channel, in their order: the head's, or
 * its classes'.
 *
 * @param heads The heads.
 * @returns The names.
 *
 * @example
 * ```ts
 * import { outputChannelNames } from "@unet/model";
 * import { classTask, objectTask } from "@unet/task";
 * import { assertEquals } from "@std/assert";
 *
 * const { heads } = objectTask({ borderWeight: 0.1 });
 * assertEquals(outputChannelNames(heads), ["object", "border"]);
 * const classes = classTask({ classes: ["background", "axon"] });
 * assertEquals(outputChannelNames(classes.heads), ["background", "axon"]);
 * ```
 */
export function outputChannelNames(
  heads: readonly Pick<Head, "name" | "channels" | "classes">[],
): string[] {
  return heads.flatMap(({ name, channels, classes }) =>
    classes ??
      (channels === 1
        ? [name]
        : Array.from({ length: channels }, (_, at) => `${name} ${at}`))
  );
}
