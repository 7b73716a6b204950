import { openPackage, parseDescription, readReference } from "@unet/bioimageio";
import { cannot, ModelError } from "@unet/errors";
import { decodeModel, type SavedModel } from "@unet/model";

/** Bytes of a model that are read. */
const mostBytes = 2 ** 30;

/**
 * Reads the model of a package that this program wrote.
 *
 * @param path What a person named as a model.
 * @returns The model; nothing where it is no package.
 * @throws {FileError} If the package is damaged.
 * @throws {ModelError} If another program wrote it, whose networks `segment`
 * alone runs.
 */
export async function readPackagedModel(
  path: string,
): Promise<SavedModel | undefined> {
  using opened = await openPackage(path);
  if (opened === undefined) return undefined;
  const { own } = parseDescription(opened.description, path);
  if (own === undefined) {
    throw new ModelError(
      cannot("load", "model", path, {
        found: "a bioimage.io package from another program",
        expected: "one that `export` wrote",
        remedy: "the command segment runs it",
      }),
    );
  }
  const read = await readReference(opened, own, mostBytes);
  // Its buffer may move to another thread.
  const bytes = new Uint8Array(read);
  return { path, bytes, ...decodeModel(bytes, path) };
}
