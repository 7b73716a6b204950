import type { RegressionLoss } from "./regression_loss.ts";

/** The losses of heads of numbers, by their names. */
const losses: Readonly<Record<string, Omit<RegressionLoss, "weight">>> = {
  // Where there is no object, the target is −2; elsewhere it is −1 to 1.
  directions: { error: "squared", lowest: -1, isGraded: false },
  // Where there is no object, the target is −1; elsewhere it is above 0.
  distances: { error: "absolute", lowest: 0, isGraded: true },
};

/**
 * The loss of a head of numbers as plain data; null if its name is none of
 * those:
 *
 * - `directions`, the mean squared error on the pixels of objects, as
 *   HoVer-Net's.
 * - `distances`, the mean absolute error on the pixels of objects, a pixel
 *   counting by its shortest ray over the mean of its rays. StarDist weighs
 *   them likewise by the probability of an object, which is the distance to its
 *   edge over the largest one: a center decides the shape, a rim does not.
 */
export function regressionPart(
  { loss, weight }: { readonly loss: string; readonly weight: number },
): RegressionLoss | null {
  return Object.hasOwn(losses, loss) ? { ...losses[loss]!, weight } : null;
}
