import { cannot, ModelError } from "@unet/errors";
import { modelFileName } from "./model_file_name.ts";
import { recognizeForeignFile } from "./foreign_file.ts";

/**
 * Refuses a file of another kind than a model's, by what it is.
 *
 * @param start Its first bytes, or all of them.
 * @param name What to call it in a message.
 * @throws {ModelError} If it is recognized.
 */
export function refuseForeign(start: Uint8Array, name: string): void {
  const found = recognizeForeignFile(start);
  if (found === undefined) return;
  const remedy = found.isTorch
    ? `train with \`weights ${name}\` starts from it`
    : found.remedy;
  throw new ModelError(
    cannot("load", "model", name, {
      found: found.what,
      expected: `a model that this program saved (${modelFileName})`,
      ...(remedy !== undefined && { remedy }),
    }),
  );
}
