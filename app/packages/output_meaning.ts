import type { PackageDescription } from "@unet/bioimageio";
import { briefList, cannot, count, UsageError } from "@unet/errors";

/** The possible meanings of an output channel. */
export const outputMeanings = ["object", "border", "none"] as const;

/** One of {@linkcode outputMeanings}. */
export type Meaning = typeof outputMeanings[number];

/**
 * What each channel of a package's output is: what a person says, else what the
 * channels are called, if they are called so.
 *
 * @param description The package.
 * @param given What the person says, in the channels' order.
 * @throws {UsageError} If neither says it.
 */
export function meaningOf(
  { output: { names, channels } }: PackageDescription,
  given?: readonly string[],
): readonly Meaning[] {
  const meanings = given ?? names ?? [];
  const objects = meanings.filter((one) => one === "object").length;
  const borders = meanings.filter((one) => one === "border").length;
  const isKnown = meanings.every((one) =>
    (outputMeanings as readonly string[]).includes(one)
  );
  const isWhole = channels === undefined || channels === meanings.length;
  if (isKnown && isWhole && objects === 1 && borders <= 1) {
    return meanings as readonly Meaning[];
  }
  const there = names ? briefList(names) : "channels without names";
  throw new UsageError(
    cannot("use", "setting", "outputMeaning", {
      found: given ? given.join(",") : "nothing",
      expected: "object, border or none for each of " +
        `${count(channels ?? 1, "output channel")} (${there}), object once`,
    }),
  );
}
