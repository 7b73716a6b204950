import { basename, DELIMITER, join } from "@std/path";

/** What the environment says about a person's commands. */
export interface Surroundings {
  /** The folder of the person's own files. */
  readonly home: string;
  /** `PATH`: the folders in which a shell looks for commands. */
  readonly path: string;
  /** The person's shell, where it is known. */
  readonly shell?: string | undefined;
}

/** Folders for a person's own commands: the usual one, then the older one. */
export function binFolders(home: string): readonly [string, string] {
  return [join(home, ".local", "bin"), join(home, "bin")];
}

/** The folders on the PATH, in order. */
export function pathFolders(path: string): string[] {
  return path.split(DELIMITER).filter((folder) => folder !== "")
    .map((folder) => join(folder, "."));
}

/**
 * Chooses the folder for a command: the first of the person's own that is on
 * the PATH, or else the usual one.
 */
export function chooseBinFolder({ home, path }: Surroundings): string {
  const folders = binFolders(home), onPath = pathFolders(path);
  return folders.find((folder) => onPath.includes(folder)) ?? folders[0];
}

/**
 * How to put a folder on the PATH for good: a line to type, by the person's
 * shell.
 *
 * @param folder The folder.
 * @param surroundings The person's home and shell.
 * @param system The operating system.
 */
export function pathAdvice(
  folder: string,
  { home, shell }: Surroundings,
  system: typeof Deno.build.os = Deno.build.os,
): string {
  if (system === "windows") {
    const quoted = folder.replaceAll("'", "''");
    return "[Environment]::SetEnvironmentVariable('Path', '" + quoted +
      ";' + [Environment]::GetEnvironmentVariable('Path', 'User'), 'User')";
  }
  const isOwn = folder.startsWith(`${home}/`);
  const rest = isOwn ? folder.slice(home.length) : folder;
  const place = (isOwn ? "$HOME" : "") + rest.replace(/["`$\\]/g, "\\$&");
  const name = basename(shell ?? "");
  if (name === "fish") return `fish_add_path "${place}"`;
  const word = place.replaceAll("'", "'\\''");
  const file = name === "zsh"
    ? "~/.zshrc"
    : name === "bash"
    ? system === "darwin" ? "~/.bash_profile" : "~/.bashrc"
    : "~/.profile";
  return `echo 'export PATH="${word}:$PATH"' >> ${file}`;
}
