import { cannot, UsageError } from "@unet/errors";
import { instanceSettingNames } from "../settings/instance_limits.ts";

/** Settings of how objects are found, which a model of classes does not use. */
const ofObjects = [
  ...["threshold", ...instanceSettingNames, "link"] as const,
  ...["diameter", "modelDiameter"] as const,
];

/** Settings for finding objects, if any. */
export type ObjectChoices = Readonly<
  Partial<Record<typeof ofObjects[number], unknown>>
>;

/**
 * The first setting of how objects are found that was given.
 *
 * @param choices The user's settings.
 */
export function givenOfObjects(
  choices: ObjectChoices,
): typeof ofObjects[number] | undefined {
  return ofObjects.find((name) => (choices[name] ?? null) !== null);
}

/**
 * Refuses settings of objects for a model of classes: its class map holds the
 * most probable class of each pixel, whatever its probability, and a region of
 * any size.
 *
 * @param choices The user's settings.
 * @throws {UsageError} If one of them is given.
 */
export function refuseOfObjects(choices: ObjectChoices): void {
  const given = givenOfObjects(choices);
  if (given === undefined) return;
  throw new UsageError(
    cannot("use", "setting", given, {
      found: "a model that predicts a class per pixel",
      expected: "a model that finds objects",
      remedy: `leave out \`${given}\``,
    }),
  );
}
