import { brief, cannot, TrainingError } from "@unet/errors";
import type { Random } from "@unet/random";
import type { Choice, Distribution, Space } from "../distribution.ts";
import type { Journal } from "../journal/mod.ts";
import type { Pruner, Sampler } from "../sampling/mod.ts";
import type { Trial } from "../study.ts";
import { studyOf } from "./queue_again.ts";
import { trialAttributes } from "./trial_attributes.ts";

/** What parameters are chosen by. */
interface ProposeOptions {
  readonly space: Space;
  readonly sampler: Sampler;
  readonly pruner: Pruner;
  readonly random: Random;
}

/**
 * The parameters of a trial: those that it has already, those that a person
 * queued, and for the rest what the sampler chooses. They are noted with it.
 *
 * @returns All of them, those that are not of the space too.
 * @throws {TrainingError} If a queued parameter is none that there may be.
 */
export async function proposeParams(
  journal: Journal,
  studyId: number,
  { id, number, params: had, systemAttributes }: Trial,
  { space, sampler, pruner, random }: ProposeOptions,
): Promise<Readonly<Record<string, Choice>>> {
  const queued = fixedParams(systemAttributes);
  const open = Object.keys(space).filter((name) => !Object.hasOwn(had, name));
  const isFixed = (name: string): boolean => Object.hasOwn(queued, name);
  const fixed = Object.fromEntries(
    open.filter(isFixed).map((name) => [
      name,
      fixedValue(name, space[name]!, queued[name]),
    ]),
  );
  let chosen: Readonly<Record<string, Choice>> = {};
  // The sampler would take note of a point that nobody tries.
  if (!open.every(isFixed)) {
    const study = await studyOf(journal, studyId);
    const options = { random, number, pruner };
    const proposal = sampler.sample(study, space, options);
    chosen = proposal.params;
    for (const [key, value] of Object.entries(proposal.systemAttributes)) {
      await journal.setTrialSystemAttribute(id, key, value);
    }
  }
  const values: Readonly<Record<string, Choice>> = { ...chosen, ...fixed };
  for (const name of open) {
    await journal.setTrialParam(id, name, space[name]!, values[name]!);
  }
  return {
    ...had,
    ...Object.fromEntries(open.map((name) => [name, values[name]!])),
  };
}

function fixedParams(
  attributes: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const queued = attributes[trialAttributes.fixedParams];
  return typeof queued === "object" && queued !== null
    ? queued as Record<string, unknown>
    : {};
}

/** As in Optuna, a queued number may lie out of bounds. */
function fixedValue(
  name: string,
  distribution: Distribution,
  value: unknown,
): Choice {
  const bad = (expected: string): TrainingError =>
    new TrainingError(
      cannot("try", "queued parameter", name, {
        found: value === undefined ? "no value" : brief(value),
        expected,
      }),
    );
  switch (distribution.kind) {
    case "categorical":
      if (distribution.choices.includes(value as Choice)) {
        return value as Choice;
      }
      throw bad(`one of ${brief(distribution.choices)}`);
    case "int":
      if (Number.isSafeInteger(value)) return value as number;
      throw bad("a whole number");
    case "float":
      if (Number.isFinite(value)) return value as number;
      throw bad("a number");
  }
}
