/** Thresholds that are tried: 0.01, 0.02 … 0.99. */
const steps = 100;

/**
 * How many pixels have probabilities between two thresholds, so that F1 is
 * known at each of them after one look.
 */
export class ThresholdSearch {
  /** By how many of the thresholds 0, 0.01 … 0.99 they exceed. */
  readonly #objects = new Float64Array(steps + 1);
  readonly #background = new Float64Array(steps + 1);

  /**
   * Adds an image.
   *
   * @param probability Each pixel's probability of being object, 0…1.
   * @param target 1 for each pixel that is, else 0.
   */
  add(probability: Float32Array, target: Uint8Array): void {
    for (let at = 0; at < probability.length; at++) {
      const value = probability[at]!;
      let exceeded = Math.ceil(value * steps);
      // The product is rounded; what counts is the comparison itself.
      while (exceeded < steps && value > exceeded / steps) exceeded++;
      while (exceeded > 0 && !(value > (exceeded - 1) / steps)) exceeded--;
      const counts = target[at]! > 0 ? this.#objects : this.#background;
      counts[exceeded]!++;
    }
  }

  /**
   * The threshold with the largest F1 over the pixels of all images; of several
   * the one next to 0.5.
   *
   * @returns It, and its F1; 1 where there is no object and none is found.
   */
  best(): { threshold: number; f1: number } {
    let best = { threshold: 0.5, f1: -1 };
    let found = this.#objects[steps]!, surplus = this.#background[steps]!;
    const objects = this.#objects.reduce((sum, one) => sum + one);
    for (let step = steps - 1; step > 0; step--) {
      const sum = objects + found + surplus;
      const f1 = sum === 0 ? 1 : 2 * found / sum;
      const threshold = step / steps;
      const isNearer =
        Math.abs(threshold - 0.5) < Math.abs(best.threshold - 0.5);
      if (f1 > best.f1 || (f1 === best.f1 && isNearer)) {
        best = { threshold, f1 };
      }
      found += this.#objects[step]!;
      surplus += this.#background[step]!;
    }
    return best;
  }
}
