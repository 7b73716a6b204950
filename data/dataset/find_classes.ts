import { brief, cannot, DatasetError } from "@unet/errors";
import { parseJson } from "@unet/files";
import type { MaskClass } from "../masks/mask_options.ts";
import { readDataFile } from "./data_file.ts";

/**
 * Reads the classes that data names itself: a file `classes.json` in the folder
 * or zip, or in the only folder of a zip. It holds names by number
 * (`{"0": "background", "1": "axon"}`), numbers or colors by name
 * (`{"background": 0, "axon": "#ff0000"}`), or names in the order of the
 * numbers (`["background", "axon"]`).
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
  return file && parseClasses(file.text, file.path);
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

/**
 * Puts the class that is called background before the others. Without one, the
 * first counts as the background.
 *
 * @param classes The classes in any order.
 * @returns The classes, the background first.
 */
export function withBackgroundFirst(
  classes: readonly MaskClass[],
): MaskClass[] {
  const isBackground = ({ name }: MaskClass): boolean =>
    name.toLowerCase() === "background";
  return [
    ...classes.filter(isBackground),
    ...classes.filter((one) => !isBackground(one)),
  ];
}

/**
 * Says what keeps a list from being classes.
 *
 * @param classes The list, the background first.
 * @returns What was found and expected; undefined where all is well.
 */
export function faultOfClasses(
  classes: readonly MaskClass[],
): { readonly found: string; readonly expected: string } | undefined {
  if (classes.length < 2 || classes.length > 255) {
    return {
      found: `${classes.length} of them`,
      expected: "2 to 255, the background first",
    };
  }
  const names = new Map<string, string>(), values = new Set<unknown>();
  for (const { name, value } of classes) {
    if (!/^[\p{L}\p{N}][\p{L}\p{N} _-]{0,63}$/u.test(name)) {
      return {
        found: `the name ${brief(name)}`,
        expected: "up to 64 letters, digits, blanks, dashes",
      };
    }
    const key = name.toLowerCase(), known = names.get(key);
    if (known !== undefined) {
      return {
        found: known === name
          ? `${brief(name)} twice`
          : `${brief(known)} and ${brief(name)}`,
        expected: known === name
          ? "different names"
          : "names that differ in more than capitals",
      };
    }
    if (values.has(value)) {
      return { found: `${value} twice`, expected: "a value of its own each" };
    }
    names.set(key, name);
    values.add(value);
  }
  return undefined;
}
