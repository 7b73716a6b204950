import { fromFileUrl, join } from "@std/path";

/** The root of the repository. */
export const root: string = fromFileUrl(new URL("../../", import.meta.url))
  .replace(/[/\\]$/, "");

/** The parts of a `deno.json` that the rules read. */
export interface Config {
  /** The package's name, if it is published. */
  name?: string;
  /** The package's version. */
  version?: string;
  /** The package's license. */
  license?: string;
  /** Entry points: one file, or files by name. */
  exports?: string | Record<string, string>;
  /** Dependencies by the names that the code uses. */
  imports?: Record<string, string>;
  /** The members' folders; at the root alone. */
  workspace?: string[];
  /** Packages in place of the registry's; at the root alone. */
  links?: string[];
  /** Commands by name; at the root alone. */
  tasks?: Record<
    string,
    string | { command?: string; dependencies?: string[] }
  >;
  /** Permission sets by name; at the root alone. */
  permissions?: Record<string, unknown>;
}

/** A folder with a `deno.json`. */
export interface Member {
  /** The folder, relative to the root; "." is the root. */
  folder: string;
  /** What its `deno.json` says. */
  config: Config;
}

/** Reads a text file of the repository. */
export function read(path: string): string {
  return Deno.readTextFileSync(join(root, path));
}

/** Whether the repository has a file or folder. */
export function exists(path: string): boolean {
  try {
    Deno.statSync(join(root, path));
    return true;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw cause;
  }
}

function readMember(folder: string): Member {
  return { folder, config: JSON.parse(read(join(folder, "deno.json"))) };
}

/** The root with what holds for the workspace as a whole. */
export const rootMember: Member = readMember(".");

/** The folders of the workspace, in the order of the root's `deno.json`. */
export const members: Member[] = (rootMember.config.workspace ?? [])
  .map((folder) => readMember(folder.replace("./", "")));

/** The stand-ins of registry packages. */
export const links: Member[] = (rootMember.config.links ?? [])
  .map((folder) => readMember(folder.replace("./", "")));

/** What is published: the named members and the root. */
export const packages: Member[] = [...members, rootMember]
  .filter(({ config }) => config.name !== undefined);

/** A member's entry points: files by export name, both as `deno.json` has them. */
export function entryPoints({ config }: Member): [string, string][] {
  const { exports = {} } = config;
  return typeof exports === "string"
    ? [[".", exports]]
    : Object.entries(exports);
}

/** The member that a file belongs to; the root's own files belong to ".". */
export function memberOf(path: string): string {
  const found = [...members, ...links]
    .filter(({ folder }) => path.startsWith(`${folder}/`));
  return found[0]?.folder ?? ".";
}

const ignored = new Set([
  ".git",
  ...read(".gitignore").split("\n").map((line) => line.replaceAll("/", ""))
    .filter((line) => line !== ""),
]);

/** Every file of the repository that git does not ignore, relative to the root. */
export const files: string[] = [...walk("")].sort();

function* walk(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(join(root, folder))) {
    if (ignored.has(name)) continue;
    const path = folder === "" ? name : `${folder}/${name}`;
    if (isDirectory) yield* walk(path);
    else yield path;
  }
}

/** Every TypeScript file. */
export const sources: string[] = files.filter((path) => /\.tsx?$/.test(path));

/** Whether a file is a test, or serves tests alone. */
export function isTestFile(path: string): boolean {
  return path.endsWith("_test.ts") || path.includes("/fixtures/") ||
    memberOf(path) === "tests";
}

/**
 * Runs `deno` at the root or below it.
 *
 * `stdout` is for programs to read: Deno reports downloads on stderr, whenever
 * its cache lacks a package's metadata. `output` is both, for people.
 */
export async function runDeno(
  args: string[],
  { folder = ".", env = {} }: {
    folder?: string;
    env?: Record<string, string>;
  } = {},
): Promise<{ success: boolean; stdout: string; output: string }> {
  const result = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: join(root, folder),
    env: { NO_COLOR: "1", ...env },
  }).output();
  const stdout = new TextDecoder().decode(result.stdout);
  const stderr = new TextDecoder().decode(result.stderr);
  return { success: result.success, stdout, output: stdout + stderr };
}
