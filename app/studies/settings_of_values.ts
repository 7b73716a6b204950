import { completeTrainSettings } from "../settings/complete_train_settings.ts";
import {
  entriesOf,
  type Input,
  inputsOf,
  readSettings,
} from "../settings/setting.ts";
import type { TrainSettings } from "../settings/train_settings.ts";
import { trainTable } from "../settings/train_table.ts";
import { type InputValues, typedOf } from "../settings/typed_values.ts";
import { withCurrentNames } from "./renamed_inputs.ts";

/** Every input of a training, by name. */
export const trainInputs: ReadonlyMap<string, Input> = new Map(
  inputsOf(trainTable).map((input) => [input.name, input]),
);

/** The inputs that a study may try, by name. */
export const triedInputs: ReadonlyMap<string, Input> = new Map(
  entriesOf(trainTable)
    .filter(([, { isTried, group }]) =>
      isTried && ["Data", "Network", "Training"].includes(group)
    )
    .flatMap(([, { inputs }]) => inputs.map((input) => [input.name, input])),
);

/**
 * The settings that a training has with such inputs.
 *
 * @param values The inputs.
 * @param source Where they come from, for messages.
 * @throws {UsageError} If there is no such input, or it takes no such value.
 */
export async function settingsOfValues(
  values: InputValues,
  source: string,
): Promise<TrainSettings> {
  const typed = typedOf(trainInputs.values(), withCurrentNames(values), source);
  return await completeTrainSettings(readSettings(trainTable, typed));
}
