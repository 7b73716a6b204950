import type { ClassWeightOptions } from "./class_weight_options.ts";
import { likelihoodTerm } from "./likelihood_term.ts";
import type { LossTerm } from "./loss_term.ts";

/** The cross entropy as a summand. */
export function crossEntropyTerm(options: ClassWeightOptions = {}): LossTerm {
  return likelihoodTerm(options, (logarithms) => ({ values: logarithms }));
}
