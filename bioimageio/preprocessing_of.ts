import type { Input } from "@unet/task";
import type { Step } from "./step.ts";

/** A network's normalization in the terms of other programs. */
export interface Preprocessing {
  /** The steps before the graph, with the whole image's statistics. */
  readonly steps: readonly Step[];
  /** Whether the graph stretches dark and 16-bit images itself. */
  readonly isInGraph: boolean;
  /** Where it differs from the network's own rule; nothing if nowhere. */
  readonly difference?: string;
}

const percentiles = { low: 1, high: 99.8, eps: 1e-6 } as const;

const unit = {
  id: "clip",
  low: { value: 0 },
  high: { value: 1 },
  perChannel: false,
} as const satisfies Step;

/**
 * Says an input's normalization in bioimage.io's terms. Percentiles are steps
 * of the package, since programs that cut tiles then take the whole image's.
 * The stretch of dark images depends on a condition, which the terms do not
 * have: it is part of the graph.
 *
 * @param input What the network takes.
 * @returns The steps, and where they differ from the network's own rule.
 *
 * @example
 * ```ts
 * import { preprocessingOf } from "@unet/bioimageio";
 * import { channelInput } from "@unet/task";
 * import { assertEquals } from "@std/assert";
 *
 * const { steps } = preprocessingOf(channelInput(["DAPI"]));
 * assertEquals(steps.map(({ id }) => id), ["scale_range", "clip"]);
 * ```
 */
export function preprocessingOf({ normalization }: Input): Preprocessing {
  switch (normalization) {
    case "percentiles":
      return {
        steps: [{ id: "scale_range", ...percentiles, perChannel: true }, unit],
        isInGraph: false,
        difference:
          "percentiles are interpolated (numpy's linear), not values " +
          "of the image; where both percentiles are one value, the range is " +
          "not that from the smallest to the largest value",
      };
    case "color-percentiles":
      return {
        steps: [
          { id: "scale_range", ...percentiles, perChannel: false },
          unit,
          { id: "scale_linear", gain: [255], offset: [0] },
        ],
        isInGraph: false,
        difference: "the range has no least width of 16 standard deviations " +
          "of the noise, so an image without objects is spread until its " +
          "noise may look like objects; values are not rounded to 8 bits, and " +
          "percentiles are interpolated (numpy's linear)",
      };
    case "stretch-dark":
      return {
        steps: [],
        isInGraph: true,
        difference: "of an image that is cut into tiles, each tile is " +
          "stretched by its own percentiles: give the model whole images",
      };
  }
}
