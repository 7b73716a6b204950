import { brief, cannot, UsageError } from "@unet/errors";
import type { Setting } from "./setting.ts";
import { orNull, ownSetting } from "./setting_kinds.ts";

/** How much each class counts in the loss. */
export const classWeightsSetting: Setting<readonly number[] | null> =
  ownSetting({
    group: "Training",
    isTried: false,
    inputs: [{
      name: "class-weights",
      kind: "text",
      value: "N,N,…",
      help:
        "how much each class counts in the cross entropy, in the order of " +
        "`classes` (default those of the model of `weights`, or else alike)",
    }],
    read(typed) {
      const text = typed.text("class-weights")!;
      const weights = text.split(",").map((part) =>
        part.trim() === "" ? NaN : Number(part)
      );
      if (isWeights(weights)) return weights;
      throw new UsageError(cannot("use", "setting", "classWeights", {
        found: brief(text),
        expected: "numbers from 0, such as 0.5,1,1",
      }));
    },
    check: orNull(isWeights),
    default: null,
    before: null,
  });

function isWeights(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 &&
    value.every((one) => Number.isFinite(one) && one >= 0) &&
    value.some((one) => one > 0);
}
