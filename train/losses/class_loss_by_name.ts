import { cannot, UsageError } from "@unet/errors";
import { crossEntropyLoss } from "./cross_entropy_loss.ts";
import { crossEntropyTerm } from "./cross_entropy_term.ts";
import { focalLoss } from "./focal_loss.ts";
import type { Loss } from "./loss.ts";
import { type ClassLossName, classLossNames } from "./loss_names.ts";
import { lossOf } from "./loss_term.ts";
import { softmaxDiceLoss } from "./softmax_dice_loss.ts";
import { softmaxDiceTerm } from "./softmax_dice_term.ts";
import type { ClassWeightOptions } from "./class_weight_options.ts";

const losses: Readonly<
  Record<ClassLossName, (options: ClassWeightOptions) => Loss>
> = {
  "ce": crossEntropyLoss,
  "dice": () => softmaxDiceLoss(),
  "ce+dice": (options) =>
    lossOf([
      { weight: 1, term: crossEntropyTerm(options) },
      { weight: 1, term: softmaxDiceTerm() },
    ]),
  "focal": focalLoss,
};

/**
 * The loss of that name for a head of classes under one softmax.
 *
 * @param name `ce`, the cross entropy; `dice`; `ce+dice`, their sum; or `focal`.
 * @param options The weights of classes, for the cross entropy and the focal
 * loss.
 * @returns The loss.
 * @throws {UsageError} If there is none of that name.
 *
 * @example
 * ```ts
 * import { classLossByName, classLossNames } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(classLossNames, ["ce", "dice", "ce+dice", "focal"]);
 * assertEquals(typeof classLossByName("ce+dice"), "function");
 * ```
 */
export function classLossByName(
  name: string,
  options: ClassWeightOptions = {},
): Loss {
  const make = Object.hasOwn(losses, name)
    ? losses[name as ClassLossName]
    : null;
  if (make) return make(options);
  throw new UsageError(
    cannot("use", "loss of classes", name, {
      found: "no loss of that name",
      expected: classLossNames.join(", "),
    }),
  );
}
