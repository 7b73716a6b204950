import { join } from "@std/path";
import { cannot, FileError, UsageError } from "@unet/errors";
import { pathInfo, readFile } from "@unet/files";
import type { Study } from "@unet/tune";
import { parseJournal } from "@unet/tune/journal";

/**
 * Finds a study in a file that is only read.
 *
 * @param path The file, or the folder of a study with its `study.journal`.
 * @param name Its name; may be left out where there is only one.
 * @throws {FileError} If the file holds no study.
 * @throws {UsageError} If there is none of that name, or no name and several.
 */
export async function findStudy(
  path: string,
  name: string | undefined,
): Promise<Study> {
  const file = await fileOf(path);
  const studies = parseJournal(await readFile(file, "study"), file);
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

async function fileOf(path: string): Promise<string> {
  const info = await pathInfo(path, "read", "study");
  return info?.isDirectory ? join(path, "study.journal") : path;
}
