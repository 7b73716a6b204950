/**
 * Searches for a learning rate and a loss function in a study, which Optuna and
 * its dashboard can open, and prints the best trial. Called again, it continues.
 *
 *     deno run -P=local examples/study.ts images-and-masks runs/study 10
 */
import { app } from "@unet/unet";
import type { Space } from "@unet/tune";

const [data, out = "runs/study", trials = "10", fixed = "{}"] = Deno.args;
if (data === undefined) {
  console.error("Usage: study.ts DATA [FOLDER] [TRIALS] [SETTINGS]");
  Deno.exit(2);
}

const space: Space = {
  lr: { kind: "float", low: 1e-4, high: 1e-2, log: true, step: null },
  loss: { kind: "categorical", choices: ["bce", "bce+dice"] },
};

const study = await app.study({
  ...{ out, space, trials: Number(trials) },
  // What all trials share, named as the flags of `unet train`.
  fixed: { data, epochs: 10, width: 0.125, ...JSON.parse(fixed) },
}, { onProgress: (line) => console.log(line) });

const [best] = study.trials
  .filter(({ state }) => state === "complete")
  .sort((one, other) => other.values![0]! - one.values![0]!);
if (best) console.log(`F1 ${best.values![0]} with`, best.params);
