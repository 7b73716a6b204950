import { brief, cannot, DatasetError } from "@unet/errors";
import { parseJson } from "@unet/files";
import { faultOfClasses, withBackgroundFirst } from "../masks/class_list.ts";
import type { MaskClass } from "../masks/mask_options.ts";
import { readDataFile } from "./data_file.ts";
import { findNnUnet } from "./find_nn_unet.ts";

/**
 * Reads the classes that data names itself: a file `classes.json` in the folder
 * or zip, or in the only folder of a zip. It holds names by number
 * (`{"0": "background", "1": "axon"}`), numbers or colors by name
 * (`{"background": 0, "axon": "#ff0000"}`), or names in the order of the
 * numbers (`["background", "axon"]`). Without one, those of nnU-Net's
 * `dataset.json` ({@linkcode findNnUnet}).
 *
 * @param path The folder or zip of images and masks.
 * @returns The classes, the background first; null where there is no such file,
 * or no such data.
 * @throws {DatasetError} If the file names no classes.
 * @throws {FileError} If it cannot be read.
 *
 * @example
 * ```ts
 * import { findClasses } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/classes.json`, `["background", "axon"]`);
 * assertEquals(await findClasses(folder), [
 *   { name: "background", value: 0 },
 *   { name: "axon", value: 1 },
 * ]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function findClasses(path: string): Promise<MaskClass[] | null> {
  const file = await readDataFile(path, "classes.json");
  if (file) return parseClasses(file.text, file.path);
  const described = await findNnUnet(path);
  return described && [...described.classes];
}

/** Characters that no list of 255 names and values needs. */
const longestText = 2 ** 20;

function parseClasses(text: string, path: string): MaskClass[] {
  const bad = (found: string, expected: string): DatasetError =>
    new DatasetError(cannot("read", "classes", path, { found, expected }));
  const shape = `two or more classes, as in {"0": "background", "1": "axon"}`;
  if (text.length > longestText) {
    throw bad(`${text.length} characters`, `at most ${longestText}`);
  }
  let json: unknown;
  try {
    json = parseJson(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw bad("no JSON", shape);
  }
  if (typeof json !== "object" || json === null) throw bad(brief(json), shape);
  let byNumber = 0;
  const classes = Object.entries(json).map(([key, value]): MaskClass => {
    if (/^\d{1,9}$/.test(key) && typeof value === "string") {
      byNumber++;
      return { name: value.normalize("NFC"), value: Number(key) };
    }
    if (Array.isArray(json)) throw bad(brief(value), "names in a list");
    const isValue = Number.isFinite(value) ||
      typeof value === "string" && /^#[0-9a-f]{6}$/i.test(value);
    if (!isValue) throw bad(`${brief(key)} with ${brief(value)}`, shape);
    return {
      name: key.normalize("NFC"),
      value: typeof value === "string" ? value.toLowerCase() : value as number,
    };
  });
  if (byNumber > 0 && byNumber < classes.length) {
    throw bad(
      "numbers and names as keys",
      `either {"0": "background", "1": "axon"} or {"background": 0, "axon": 1}`,
    );
  }
  const repeated = Array.isArray(json) ? undefined : repeatedKey(text);
  if (repeated !== undefined) {
    throw bad(`the key ${brief(repeated)} twice`, "each key once");
  }
  const fault = faultOfClasses(classes);
  if (fault) throw bad(fault.found, fault.expected);
  return withBackgroundFirst(classes);
}

/** A key that the outermost object of a JSON text has twice. */
function repeatedKey(json: string): string | undefined {
  const tokens = json.match(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/g) ?? [];
  const keys = new Set<string>();
  let depth = 0;
  for (const [at, token] of tokens.entries()) {
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    else if (depth === 1 && tokens[at + 1] === ":") {
      const key: string = JSON.parse(token);
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}
