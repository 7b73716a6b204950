import { cannot, FileError, UsageError } from "@unet/errors";
import { readFile } from "@unet/files";
import type { Study } from "@unet/tune";
import { parseJournal } from "@unet/tune/journal";

/**
 * Finds a study in a file that is only read.
 *
 * @param path The file.
 * @param name Its name; may be left out where there is only one.
 * @throws {FileError} If the file holds no study.
 * @throws {UsageError} If there is none of that name, or no name and several.
 */
export async function findStudy(
  path: string,
  name: string | undefined,
): Promise<Study> {
  const studies = parseJournal(await readFile(path, "study"), path);
  if (studies.length === 0) {
    throw new FileError(
      cannot("open", "study", path, { found: "no study", expected: "one" }),
    );
  }
  const study = name === undefined
    ? studies.length === 1 ? studies[0] : undefined
    : studies.find((one) => one.name === name);
  if (study) return study;
  throw new UsageError(
    cannot("open", "study", path, {
      found: name === undefined
        ? `${studies.length} studies`
        : `none of name ${name}`,
      expected: `\`name\` with one of ${
        studies.map((one) => one.name).join(", ")
      }`,
    }),
  );
}
