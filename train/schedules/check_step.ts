import { checkSetting } from "../optimizers/check_setting.ts";

/** Throws a RangeError unless these are a step and the length of an epoch. */
export function checkStep(
  scheduler: string,
  step: number,
  stepsPerEpoch: number,
): void {
  checkSetting(
    [scheduler, "step", step],
    Number.isSafeInteger(step) && step >= 0,
    "a whole number from 0",
  );
  checkSetting(
    [scheduler, "stepsPerEpoch", stepsPerEpoch],
    Number.isSafeInteger(stepsPerEpoch) && stepsPerEpoch >= 1,
    "a whole number from 1",
  );
}

/** Throws a RangeError unless this is a learning rate: finite, from 0. */
export function checkRate(scheduler: string, name: string, rate: number): void {
  checkSetting(
    [scheduler, name, rate],
    rate >= 0 && rate < Infinity,
    "a number from 0",
  );
}
