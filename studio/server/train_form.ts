import {
  entriesOf,
  type Input,
  inputsOf,
  type InputValue,
  readSettings,
  type SettingGroup,
  trainTable,
  typedOf,
} from "@unet/app/settings";
import type { TrainChoices, TrainSettings } from "@unet/app";

/** What a person may type for a training. */
export interface FormInput extends Input {
  /** The subject under which it is listed. */
  readonly group: SettingGroup;
  /** What it is where nothing is typed; empty where the data decide. */
  readonly usual: string;
}

/** What the studio decides itself: the images, the model, the folder. */
const decided: ReadonlySet<string> = new Set([
  ...["data", "roles", "train-role", "validation-role", "shares", "test"],
  ...["split-seed", "weights", "weights-partial", "weights-input", "out"],
  ...["sync-batch-norm", "gradient-sums"],
]);

/** Every input of a training that the form has, from the table of settings. */
const inputs: readonly Input[] = inputsOf(trainTable)
  .filter(({ name }) => !decided.has(name));

/**
 * The form's inputs.
 *
 * @param settings What is trained where nothing is typed.
 * @param isNew Whether the network is new: that of a model cannot be chosen.
 */
export function formInputs(
  settings: TrainSettings,
  isNew: boolean,
): FormInput[] {
  return entriesOf(trainTable).flatMap(([name, setting]) =>
    setting.inputs.filter((input) => inputs.includes(input))
      .filter(() => isNew || !ofNetwork.has(name))
      .map((input) => ({
        ...input,
        group: setting.group,
        usual: setting.inputs.length > 1
          ? ""
          : wordOf(settings[name as keyof TrainSettings]),
      }))
  );
}

/** What the file of a model decides. */
const ofNetwork: ReadonlySet<string> = new Set(
  ["network", "width", "padding", "batchNorm", "boundaries", "instanceHeads"],
);

/** A value as a person would type it. */
function wordOf(value: unknown): string {
  if (Array.isArray(value)) {
    return value.every((one) => typeof one === "string") ? value.join(",") : "";
  }
  return ["number", "string", "boolean"].includes(typeof value)
    ? String(value)
    : "";
}

/**
 * Reads what was typed.
 *
 * @param values By name of the input.
 * @throws {UsageError} If there is no such input, or it takes no such value.
 */
export function readForm(
  values: Readonly<Record<string, unknown>>,
): TrainChoices {
  const typed = typedOf(
    inputs,
    values as Readonly<Record<string, InputValue>>,
    "the form",
  );
  return readSettings(trainTable, typed) as TrainChoices;
}
