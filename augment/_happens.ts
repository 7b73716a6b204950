import type { Random } from "@unet/random";

/** Tosses the coin of one transformation; draws once, whatever the probability. */
export function happens(
  random: Random,
  { probability }: { readonly probability: number },
): boolean {
  return random.next() < probability;
}
