import type { SegmentedChoices } from "@unet/app/segmenter";
import {
  decisionSettings,
  diameterSettings,
  entriesOf,
  imageSettings,
  type Input,
  inputsOf,
  type InputValues,
  instanceSettings,
  readSettings,
  stackSettings,
  typedOf,
} from "@unet/app/settings";

/** What a client decides of each image, as `unet segment` has it. */
const ofImages = [
  ...[decisionSettings, instanceSettings, diameterSettings, stackSettings],
  imageSettings,
] as const;

/** What a client decides of tensors, which no file and no scale is about. */
const ofTensors = [
  { threshold: decisionSettings.threshold },
  instanceSettings,
] as const;

/** Parameters by name; those of tensors cannot choose what a file holds. */
const tables = { images: ofImages, tensors: ofTensors } as const;

/**
 * Reads what a client decides, by the table of settings that flags are read by.
 *
 * @param values The values by their names, which are those of the flags.
 * @param of What they are about.
 * @param source Where they come from, for messages.
 * @throws {UsageError} If there is no such parameter, or it takes no such value.
 */
export function choicesOf(
  values: InputValues,
  of: keyof typeof tables,
  source: string,
): Omit<SegmentedChoices, "out"> {
  const inputs = tables[of].flatMap((table) => inputsOf(table as never));
  const typed = typedOf(inputs, withSwitches(inputs, values), source);
  return Object.assign(
    {},
    ...tables[of].map((table) => readSettings(table as never, typed)),
  );
}

/** An address has texts alone: `true` and `false` are those of switches. */
function withSwitches(
  inputs: readonly Input[],
  values: InputValues,
): InputValues {
  const own: Record<string, InputValues[string]> = { ...values };
  for (const { name, kind } of inputs) {
    const value = own[name];
    if (kind !== "switch" || typeof value !== "string") continue;
    if (["true", "false"].includes(value)) own[name] = value === "true";
  }
  return own;
}

/** What a client types for each setting. */
const names: ReadonlyMap<string, string> = new Map(
  ofImages.flatMap((table) =>
    entriesOf(table as never).map(([name, { inputs }]) =>
      [name, inputs[0]!.name] as const
    )
  ),
);

/**
 * Words the settings of a message as parameters: those in backticks, as in
 * `` `plane max` ``, and the one that the message is about.
 *
 * @param message The message.
 * @returns As in "Cannot use parameter "min-area": …" and "plane=max".
 */
export function wordParameters(message: string): string {
  return message
    .replace(
      /\bCannot use setting "([A-Za-z-]+)/g,
      (_, name) => `Cannot use parameter "${nameOf(name)}`,
    )
    .replace(
      /`([A-Za-z-]+)(?: ([^`]+))?`/g,
      (_, name, value) =>
        value === undefined ? nameOf(name) : `${nameOf(name)}=${value}`,
    );
}

function nameOf(setting: string): string {
  return setting === "formats" ? "format" : names.get(setting) ?? setting;
}
