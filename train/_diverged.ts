import { cannot, TrainingError } from "@unet/errors";

/**
 * The error of a training whose numbers are no longer finite.
 *
 * @param what The number, as in "loss NaN".
 * @param at The step that made it.
 * @param cause What noticed it, if anything threw.
 */
export function diverged(
  what: string,
  at: { epoch: number; step: number; learningRate: number },
  cause?: TrainingError,
): TrainingError {
  const learningRate = at.learningRate.toPrecision(3);
  return new TrainingError(
    cannot("go on with", "training at epoch", String(at.epoch), {
      found: `${what} at step ${at.step}, learning rate ${learningRate}`,
      expected: "finite numbers",
      remedy: "lower --lr, or resume from the last good checkpoint",
    }),
    { cause },
  );
}
