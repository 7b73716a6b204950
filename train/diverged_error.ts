import { cannot, TrainingError } from "@unet/errors";

/** Where a training was when its numbers were no longer finite. */
export interface DivergedAt {
  /** The number, as in "loss NaN". */
  readonly what: string;
  /** The epoch, counted from 1; 0 before the first step. */
  readonly epoch: number;
  /** The step that led to the number, counted from 1; 0 before the first. */
  readonly step: number;
  /** The learning rate of that step; null before the first. */
  readonly learningRate: number | null;
}

/**
 * A training whose loss or weights are no longer finite. It would end alike if
 * it were resumed, because a resumed training repeats its steps.
 *
 * @example
 * ```ts
 * import { DivergedError } from "@unet/train";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const at = { what: "loss NaN", epoch: 1, step: 4, learningRate: 854 };
 * assertStringIncludes(new DivergedError(at).message, "lower the learning rate");
 * ```
 */
export class DivergedError extends TrainingError {
  /** The name of the class. */
  override name = "DivergedError";
  /** Where the training was. */
  readonly at: DivergedAt;

  /**
   * Words the place and what to do.
   *
   * @param at Where the training was.
   * @param options The cause, as for any error.
   */
  constructor(at: DivergedAt, options?: ErrorOptions) {
    super(messageOf(at), options);
    this.at = at;
  }
}

function messageOf({ what, epoch, step, learningRate }: DivergedAt): string {
  if (learningRate === null) {
    return cannot("train", "network from", "its weights", {
      found: `${what} before the first step`,
      expected: "finite numbers",
      remedy: "start from other weights",
    });
  }
  return cannot("continue", "training at epoch", String(epoch), {
    found: `${what} at step ${step}, learning rate ` +
      learningRate.toPrecision(3),
    expected: "finite numbers",
    remedy: "lower the learning rate",
  });
}
