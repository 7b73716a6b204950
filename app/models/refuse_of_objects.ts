import { cannot, UsageError } from "@unet/errors";

/** Settings of how objects are found, which a model of classes does not use. */
const ofObjects = [
  ...["threshold", "minimalArea", "maximalHole", "depth", "link"] as const,
  ...["diameter", "modelDiameter"] as const,
];

/**
 * Refuses settings of objects for a model of classes: its class map holds the
 * most probable class of each pixel, whatever its probability, and a region of
 * any size.
 *
 * @param choices What a person decides.
 * @throws {UsageError} If one of them is given.
 */
export function refuseOfObjects(
  choices: Readonly<Partial<Record<typeof ofObjects[number], unknown>>>,
): void {
  const given = ofObjects.find((name) => (choices[name] ?? null) !== null);
  if (given === undefined) return;
  throw new UsageError(
    cannot("use", "setting", given, {
      found: "a model that gives each pixel its most probable class",
      expected: "a model that finds objects",
      remedy: `leave out \`${given}\``,
    }),
  );
}
