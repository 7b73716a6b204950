import { basename, resolve } from "@std/path";
import { briefText, cannot, UsageError } from "@unet/errors";
import { refusedSetting } from "./refused_setting.ts";

/** A folder or zip of images and masks among several, and what it is called. */
export interface DataSource {
  /** Its name, which starts the ids of its images. */
  readonly name: string;
  /** The folder or zip. */
  readonly path: string;
}

/** The setting for data: a path, several sources, or null for drawn images. */
export type DataSetting = string | readonly DataSource[] | null;

/** A name that no list of shares or ids could take for something else. */
const usableName = /^[^/\\:=,]+$/;

/**
 * The name of data by its path: the last part without the ending of a zip, in
 * one Unicode form.
 *
 * @param path The folder or zip.
 */
export function nameOfSource(path: string): string {
  const name = basename(path).replace(/\.zip$/i, "").normalize("NFC");
  return name === "" || name === "." || name === ".."
    ? basename(resolve(path)).normalize("NFC") || "data"
    : name;
}

/**
 * The sources that settings name.
 *
 * @param data The setting.
 * @returns Each with its name; none where the program draws images.
 */
export function sourcesOf(data: DataSetting): readonly DataSource[] {
  if (data === null) return [];
  return typeof data === "string"
    ? [{ name: nameOfSource(data), path: data }]
    : data;
}

/**
 * Data as one name, for messages.
 *
 * @param data The setting.
 */
export function describeData(data: DataSetting): string {
  return data === null
    ? "drawn"
    : sourcesOf(data).map(({ path }) => path).join(", ");
}

/**
 * The id of an image among all sources: with several, its source's name comes
 * first.
 *
 * @param sources All sources.
 * @param name The source's name.
 * @param id The image's id in its source.
 */
export function idAmong(
  sources: readonly DataSource[],
  name: string,
  id: string,
): string {
  return sources.length > 1 ? `${name}/${id}` : id;
}

/**
 * The source of an image, and its id there.
 *
 * @param sources All sources.
 * @param id The image's id among them.
 */
export function ownIdOf(
  sources: readonly DataSource[],
  id: string,
): { readonly source: string; readonly id: string } {
  if (sources.length <= 1) return { source: sources[0]?.name ?? "drawn", id };
  const end = id.indexOf("/");
  return { source: id.slice(0, end), id: id.slice(end + 1) };
}

/**
 * Reads data as it is typed: paths, or NAME=PATH. A path with an equals sign
 * is written with its folder, as in `./a=b`.
 *
 * @param texts What was typed, at least one.
 * @returns A path where it is one without a name, else sources.
 */
export function parseSources(
  texts: readonly string[],
): string | readonly DataSource[] {
  const sources = texts.map((text): DataSource => {
    const [, name, path] = /^([^/\\:=]+)=(.+)$/s.exec(text) ?? [];
    return name === undefined
      ? { name: nameOfSource(text), path: text }
      : { name: name.normalize("NFC"), path: path! };
  });
  const [only] = sources;
  return sources.length === 1 && only!.path === texts[0] ? only!.path : sources;
}

/**
 * Data with whole paths, each source with a name of its own.
 *
 * @param data The setting.
 * @throws {UsageError} If two sources have one name or one path, or a name
 * cannot be used.
 */
export function resolveData(data: DataSetting): DataSetting {
  if (data === null) return null;
  if (typeof data === "string") return resolve(data);
  const sources = data.map(({ name, path }) => ({ name, path: resolve(path) }));
  for (const [at, { name, path }] of sources.entries()) {
    if (!usableName.test(name)) {
      throw refused(
        `the name "${briefText(name)}" of ${path}`,
        "one without a slash, colon, comma or equals sign",
      );
    }
    const before = sources.slice(0, at);
    const same = before.find((other) => other.path === path);
    if (same) {
      throw refusedSetting("data", `${path} twice`, "each data set once");
    }
    const other = before.find((one) =>
      one.name.toLowerCase() === name.toLowerCase()
    );
    if (other) {
      throw refused(
        `"${briefText(name)}" as the name of ${other.path} and ${path}`,
        "different names",
      );
    }
  }
  if (sources.length > 0) return sources;
  throw refusedSetting("data", "an empty list", "at least one data set");
}

/** Whether a value that a file stores can be the setting. */
export function isDataSetting(value: unknown): value is DataSetting {
  return value === null || typeof value === "string" ||
    Array.isArray(value) && value.length > 0 &&
      value.every((one) =>
        typeof one?.name === "string" && usableName.test(one.name) &&
        typeof one?.path === "string"
      );
}

function refused(found: string, expected: string): UsageError {
  return new UsageError(cannot("use", "setting", "data", {
    ...{ found, expected },
    remedy: "`data NAME=PATH` gives a data set another name",
  }));
}
