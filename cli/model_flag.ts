import { cannot, UsageError } from "@unet/errors";
import type { Flag, Flags } from "./flags.ts";

/** The flag that names a trained network. */
export const modelFlag: Flag = {
  name: "model",
  kind: "text",
  value: "RUN|FILE|NAME",
  help: "a trained model: a run folder (its best model), a model file, or " +
    "the name of a published model, such as nuclei",
};

/**
 * The trained model that a command line names by `--model` or, shorter, as its
 * positional argument.
 *
 * @param flags The command line; its only positional argument is a model.
 * @returns The name, or nothing where there is none.
 * @throws {UsageError} If there are both.
 */
export function givenModel(flags: Flags): string | undefined {
  const [positional] = flags.positional;
  const model = flags.text("model");
  if (positional === undefined || model === undefined) {
    return positional ?? model;
  }
  throw new UsageError(
    cannot("use", "flag", "--model", {
      found: `${positional} beside it`,
      expected: "one model",
    }),
  );
}
