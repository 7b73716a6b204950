import { cannot, UsageError } from "@unet/errors";
import { type LossName, lossNames } from "./loss_names.ts";
import { noSigmoidLoss, type SigmoidLoss } from "./sigmoid_loss.ts";

/** What each loss weighs. */
const losses: Readonly<Record<LossName, Partial<SigmoidLoss>>> = {
  "bce": { crossEntropy: 1 },
  "dice": { dice: 1 },
  "bce+dice": { crossEntropy: 1, dice: 1 },
  "weighted-bce": { crossEntropy: 1, isWeighted: true },
};

/**
 * The loss of that name as plain data.
 *
 * @throws {UsageError} If there is none of that name.
 */
export function partByName(name: string): SigmoidLoss {
  if (Object.hasOwn(losses, name)) {
    return { ...noSigmoidLoss, ...losses[name as LossName] };
  }
  throw new UsageError(
    cannot("use", "loss", name, {
      found: "no loss of that name",
      expected: lossNames.join(", "),
    }),
  );
}
