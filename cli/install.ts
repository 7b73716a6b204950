import { dirname, fromFileUrl, join, resolve } from "@std/path";
import { cannot, FileError, UsageError } from "@unet/errors";
import { pathInfo } from "@unet/files";
import {
  binFolders,
  chooseBinFolder,
  pathAdvice,
  pathFolders,
  type Surroundings,
} from "./bin_folder.ts";
import type { Command } from "./command.ts";
import { commandSummaries } from "./command_summaries.ts";
import type { Flags } from "./flags.ts";
import {
  installLauncher,
  launcherName,
  removeLauncher,
} from "./install_launcher.ts";
import { batchLauncher, shellLauncher } from "./launcher.ts";
import { shownPath } from "@unet/app/shown-path";
import { printError, printLine } from "./terminal.ts";

/** `unet install`: the command `unet` in the person's folder of commands. */
export const install: Command = {
  name: "install",
  summary: commandSummaries.install,
  usage: "[--to DIR] [--remove]",
  description:
    "Writes a small launcher, so that unet COMMAND works from any folder, " +
    "with the same permissions as the tasks. It runs the checkout that it was " +
    "installed from, so update by git pull. The folder is ~/.local/bin, or " +
    "~/bin if only that is on your PATH. Files of other programs are not " +
    "overwritten.",
  groups: [{
    title: "Launcher",
    flags: [
      {
        name: "to",
        kind: "text",
        value: "DIR",
        help: "another folder for the launcher",
      },
      {
        name: "remove",
        kind: "switch",
        help: "removes the launcher, and nothing else",
      },
    ],
  }],
  examples: [
    ["", "then unet --version works anywhere"],
    ["--remove", "removes the launcher; so does deno task uninstall"],
  ],
  positional: [0, 0],
  async run(flags) {
    await requirePermissions();
    if (flags.on("remove")) await remove(flags);
    else await add(flags);
    return 0;
  },
};

/** A process that may not see the PATH could not say what is missing there. */
async function requirePermissions(): Promise<void> {
  for (const variable of ["PATH", "SHELL"]) {
    const { state } = await Deno.permissions.query({ name: "env", variable });
    if (state === "granted") continue;
    throw new UsageError(
      cannot("run", "command", "install", {
        found: `no permission to read ${variable}`,
        remedy: "call it as deno task install, or unet install",
      }),
    );
  }
}

async function add(flags: Flags): Promise<void> {
  const surroundings = surroundingsOf();
  const folder = folderOf(flags, surroundings);
  const project = projectFolder();
  const plan = {
    project,
    deno: Deno.execPath(),
    denoVersion: Deno.version.deno,
    home: surroundings?.home,
  };
  const isWindows = Deno.build.os === "windows";
  const text = isWindows ? batchLauncher(plan) : shellLauncher(plan);
  const { path, before } = await installLauncher(folder, text);
  const how = {
    nothing: "Installed",
    same: "Already installed:",
    other: "Updated",
  };
  printLine(`${how[before]} ${shownPath(path)}, which runs ${project}`);
  if (surroundings !== undefined) await reportPath(path, surroundings);
}

async function remove(flags: Flags): Promise<void> {
  const surroundings = surroundingsOf();
  const folders = flags.given("to") || surroundings === undefined
    ? [folderOf(flags, surroundings)]
    : [...binFolders(surroundings.home)];
  const path = await removeLauncher(folders);
  printLine(
    path === undefined
      ? `Nothing to remove: no ${launcherName} in ${
        folders.map((folder) => shownPath(folder)).join(" or ")
      }`
      : `Removed ${shownPath(path)}`,
  );
}

/** Says whether a shell finds the launcher, and what to do where not. */
async function reportPath(
  path: string,
  surroundings: Surroundings,
): Promise<void> {
  const folder = dirname(path), onPath = pathFolders(surroundings.path);
  const at = onPath.indexOf(folder);
  if (at < 0) {
    printLine(
      `Not on your PATH yet: ${folder}. Run this line` +
        (Deno.build.os === "windows" ? " in PowerShell" : "") +
        ", then open a new terminal:",
    );
    printLine(`  ${pathAdvice(folder, surroundings)}`);
  }
  for (const earlier of onPath.slice(0, Math.max(0, at))) {
    const other = join(earlier, launcherName);
    if (await isFile(other)) {
      printError(`Another command of that name comes first: ${other}`);
    }
  }
  printLine("Try: unet --version");
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await pathInfo(path, "look at", "command"))?.isFile ?? false;
  } catch (cause) {
    // What cannot be seen cannot be run either.
    if (!(cause instanceof FileError)) throw cause;
    return false;
  }
}

function folderOf(
  flags: Flags,
  surroundings: Surroundings | undefined,
): string {
  const to = flags.text("to");
  if (to !== undefined) return resolve(to);
  if (surroundings !== undefined) return chooseBinFolder(surroundings);
  throw new UsageError(
    cannot("run", "command", "install", {
      found: "no home folder in the environment",
      expected: "--to DIR",
    }),
  );
}

function surroundingsOf(): Surroundings | undefined {
  const isWindows = Deno.build.os === "windows";
  const home = Deno.env.get(isWindows ? "USERPROFILE" : "HOME");
  if (!home) return undefined;
  return {
    home,
    path: Deno.env.get("PATH") ?? "",
    shell: Deno.env.get("SHELL"),
  };
}

/** The checkout that this program runs from. */
function projectFolder(): string {
  const project = new URL("..", import.meta.url);
  if (project.protocol === "file:") {
    return fromFileUrl(project).replace(/(?<=.)[\\/]$/, "");
  }
  throw new UsageError(
    cannot("run", "command", "install", {
      found: `a program from ${project.host}`,
      expected: "a checkout on this machine",
    }),
  );
}
