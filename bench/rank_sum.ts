import { type Random, shuffle } from "@unet/random";

const shuffles = 20_000;

/**
 * The two-sided significance of the rank sum of two samples (Wilcoxon, Mann and
 * Whitney), by shuffling who is of which.
 *
 * @returns How often chance alone sets the samples as far apart, above 0 to 1.
 */
export function rankSumSignificance(
  a: readonly number[],
  b: readonly number[],
  random: Random,
): number {
  const ranks = rank([...a, ...b]);
  const middle = a.length * (ranks.length + 1) / 2;
  const distance = (ranks: readonly number[]): number =>
    Math.abs(
      ranks.slice(0, a.length).reduce((sum, rank) => sum + rank, 0) - middle,
    );
  const found = distance(ranks);
  let asFar = 1;
  for (let round = 0; round < shuffles; round++) {
    // Sums of halves are exact, so that equal ones compare as equal.
    if (distance(shuffle(ranks, random)) >= found) asFar++;
  }
  return asFar / (shuffles + 1);
}

/** Ranks from 1; equal values share the mean of theirs. */
function rank(values: readonly number[]): number[] {
  return values.map((value) => {
    const less = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return less + (equal + 1) / 2;
  });
}
