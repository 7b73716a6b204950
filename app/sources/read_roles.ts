import { brief, cannot, DatasetError } from "@unet/errors";
import { parseJson, readTextFile, repeatsName } from "@unet/files";
import { fingerprintOfText } from "../fingerprint_of_text.ts";
import { nameOfSource } from "../settings/data_sources.ts";

/** The roles of images in a file. */
export interface Roles {
  /** The file. */
  readonly path: string;
  /** The first digits of a hash over its text. */
  readonly fingerprint: string;
  /** By a source's name, then by an image's id, its role. */
  readonly sources: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

const shape =
  `{"cells.zip": {"train": ["a", "b"], "validation": ["c"]}}: by data set ` +
  "and role, the ids of images";

/**
 * Reads a file of roles: JSON that has, by the file or folder name of a data
 * set and by role, the ids of images. A data set is known by its name without
 * folders and without the ending of a zip.
 *
 * @param path The file.
 * @returns The role of each image.
 * @throws {DatasetError} If the file has another shape, names a data set twice
 * or a role twice within one, or gives an image two roles.
 * @throws {FileError} If it cannot be read.
 *
 * @example
 * ```ts
 * import { readRoles } from "@unet/app";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(
 *   path,
 *   `{"more/cells.zip": {"train": ["a", "b"], "validation": ["c"]}}`,
 * );
 * const { sources } = await readRoles(path);
 * assertEquals(sources.get("cells")?.get("a"), "train");
 * await Deno.remove(path);
 * ```
 */
export async function readRoles(path: string): Promise<Roles> {
  const text = await readTextFile(path, "roles");
  const bad = (found: string, expected: string): DatasetError =>
    new DatasetError(cannot("read", "roles", path, { found, expected }));
  let json: unknown;
  try {
    json = parseJson(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw bad("no JSON", shape);
  }
  if (!isRecord(json)) throw bad(brief(json), shape);
  if (repeatsName(text, json)) {
    throw bad("a data set or a role twice", "each once");
  }
  const sources = new Map<string, ReadonlyMap<string, string>>();
  for (const [file, roles] of Object.entries(json)) {
    const name = nameOfSource(file);
    if (sources.has(name)) {
      throw bad(`${brief(name)} for two data sets`, "different names");
    }
    if (!isRecord(roles)) {
      throw bad(`${brief(file)} with ${brief(roles)}`, shape);
    }
    const own = new Map<string, string>();
    for (const [role, ids] of Object.entries(roles)) {
      if (!Array.isArray(ids)) {
        throw bad(`${brief(role)} with ${brief(ids)}`, shape);
      }
      for (const id of ids) {
        if (typeof id !== "string") {
          throw bad(`${brief(id)} in ${brief(role)}`, shape);
        }
        const key = id.normalize("NFC"), before = own.get(key);
        if (before !== undefined) {
          throw bad(
            `image ${brief(id)} of ${brief(file)} as ${before} and as ${role}`,
            "each image once",
          );
        }
        own.set(key, role);
      }
    }
    sources.set(name, own);
  }
  return { path, fingerprint: await fingerprintOfText(text), sources };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
