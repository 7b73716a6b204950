import { checkSetting } from "../optimizers/check_setting.ts";
import type { BorderLossOptions } from "./border_loss.ts";
import { noSigmoidLoss, type SigmoidLoss } from "./sigmoid_loss.ts";

/**
 * The loss of a border head as plain data.
 *
 * @throws {RangeError} If an option is out of range.
 */
export function borderPart(
  { weight = 0.1, positiveWeight = 3, diceWeight = 1, isSparse = false }:
    BorderLossOptions,
): SigmoidLoss {
  const least = { weight, diceWeight };
  for (const [name, value] of Object.entries(least)) {
    checkSetting(
      ["border loss", name, value],
      value >= 0 && value < Infinity,
      "a number from 0",
    );
  }
  checkSetting(
    ["border loss", "positiveWeight", positiveWeight],
    positiveWeight > 0 && positiveWeight < Infinity,
    "a number above 0",
  );
  return {
    ...noSigmoidLoss,
    ...{ crossEntropy: weight, dice: weight * diceWeight },
    ...{ positiveWeight, isSparse },
  };
}
