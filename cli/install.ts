import { dirname, fromFileUrl, join, resolve } from "@std/path";
import { cannot, FileError, UsageError } from "@unet/errors";
import { pathInfo } from "@unet/files";
import type { LibraryInstaller } from "@unet/native";
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

/** The libraries that read files and are not part of the program. */
const libraries = ["openslide", "mpi"] as const;

/**
 * `unet install`: the command `unet` in the person's folder of commands, or a
 * library that reads files.
 */
export const install: Command = {
  name: "install",
  summary: commandSummaries.install,
  usage: "[openslide|mpi] [--to DIR] [--remove]",
  description:
    "Without a name, writes a small launcher, so that unet COMMAND works " +
    "from any folder, " +
    "with the same permissions as the tasks. It runs the checkout that it " +
    "was " +
    "installed from, so update by git pull. The folder is ~/.local/bin, or " +
    "~/bin if only that is on your PATH. Files of other programs are not " +
    "overwritten. With the name openslide, installs OpenSlide in the cache " +
    "with pip and verifies its checksum: the library that reads slides of " +
    "Hamamatsu, MIRAX, Leica, Ventana, Philips, DICOM and Zeiss. With the " +
    "name mpi, installs MPICH likewise, for training on several machines.",
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
        help: "removes the launcher, or the named library",
      },
    ],
  }],
  examples: [
    ["", "then unet --version works anywhere"],
    ["--remove", "removes the launcher; so does deno task uninstall"],
    ["mpi", "then mpiexec runs unet train on several machines"],
    ["openslide", "then unet reads slide.ndpi, slide.mrxs, slide.czi …"],
  ],
  positional: [0, 1],
  async run(flags) {
    const [library] = flags.positional;
    if (library !== undefined) {
      await changeLibrary(library, flags);
      return 0;
    }
    await requirePermissions();
    if (flags.on("remove")) await remove(flags);
    else await add(flags);
    return 0;
  },
};

async function changeLibrary(name: string, flags: Flags): Promise<void> {
  if (!libraries.some((one) => one === name)) {
    throw new UsageError(
      cannot("install", "library", name, {
        found: "no library of that name",
        expected: libraries.join(", "),
        remedy: "devices are installed by unet devices --install NAME",
      }),
    );
  }
  if (flags.given("to")) {
    throw new UsageError(
      cannot("use", "flag", "--to", {
        found: `the library ${name} beside it`,
        expected: "it alone",
        remedy: "set UNET_CACHE to another folder",
      }),
    );
  }
  const installer = await installerOf(name);
  const { reportLibrary, reportLibraryRemoval } = await import(
    "./install_device.ts"
  );
  await (flags.on("remove") ? reportLibraryRemoval : reportLibrary)(installer);
}

async function installerOf(name: string): Promise<LibraryInstaller> {
  if (name === "mpi") {
    return (await import("@unet/mpi/mpi-installer")).mpiInstaller;
  }
  return (await import("@unet/data/openslide-installer")).openslideInstaller;
}

/** A process that may not see the PATH could not say what is missing there. */
async function requirePermissions(): Promise<void> {
  for (const variable of ["PATH", "SHELL"]) {
    const { state } = await Deno.permissions.query({ name: "env", variable });
    if (state === "granted") continue;
    throw new UsageError(
      cannot("run", "command", "install", {
        found: `no permission to read ${variable}`,
        remedy: "run deno task install or unet install",
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
      expected: "a clone on this machine",
    }),
  );
}
