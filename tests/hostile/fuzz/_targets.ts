import type { Random } from "@unet/random";
import { cliTargets } from "./_targets_cli.ts";
import { dataTargets } from "./_targets_data.ts";
import { modelTargets } from "./_targets_model.ts";
import { packageTargets } from "./_targets_package.ts";
import { textTargets } from "./_targets_text.ts";
import { mutations, pick, splice } from "./_mutate.ts";
import type { Target } from "./_target.ts";

/** Every reader, by name. */
export const targets: Readonly<Record<string, Target>> = {
  ...dataTargets,
  ...modelTargets,
  ...textTargets,
  ...cliTargets,
  ...packageTargets,
};

/** An input by its number: the same for the same random stream. */
export function inputOf(
  { mutations: own = [], repair }: Target,
  seeds: readonly Uint8Array[],
  random: Random,
): Uint8Array {
  let bytes = pick(random, seeds);
  if (random.next() < 0.05) bytes = splice(bytes, pick(random, seeds), random);
  for (let count = pick(random, [1, 1, 1, 2, 3, 6]); count > 0; count--) {
    const isOwn = own.length > 0 && random.next() < 0.6;
    bytes = pick(random, isOwn ? own : mutations)(bytes, random);
    // What grows on and on only takes time.
    if (bytes.length > 4e6) bytes = bytes.slice(0, 4e6);
  }
  return repair && random.next() < 0.7 ? repair(bytes, random) : bytes;
}
