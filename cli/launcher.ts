/** What a launcher starts. */
export interface LauncherPlan {
  /** The folder of the checkout, without a slash at its end. */
  readonly project: string;
  /** Deno's executable file. */
  readonly deno: string;
  /** The version of Deno that npx fetches where there is no other. */
  readonly denoVersion: string;
  /** The folder of the person's own files, for paths on Windows. */
  readonly home?: string | undefined;
}

/** The line by which a launcher is known to be one of this program. */
export const launcherMark =
  'The unet command, written by "deno task install"; "deno task uninstall" ' +
  "removes it.";

/** Commands that have a permission set of their own. */
const ownSets = ["tune", "install", "studio", "serve"];

/** Arguments of `deno` before those of the command; the set is a variable. */
function denoArguments(join: (file: string) => string, set: string): string {
  return `run -q --config ${join("deno.json")} -P=${set} ` +
    join("cli/start.ts");
}

/**
 * The launcher for a POSIX shell. It runs the program of a checkout with Deno:
 * the file that installed it, or else a `deno` on the PATH, or else npx's.
 *
 * @param plan What it starts.
 * @returns The text of an executable file.
 */
export function shellLauncher(
  { project, deno, denoVersion }: LauncherPlan,
): string {
  const run = denoArguments((file) => `"$project/${file}"`, '"$permissions"');
  return `#!/bin/sh
# ${launcherMark}
project=${quoted(project)}
deno=${quoted(deno)}

fail() {
  printf '%s\\n' "Cannot start unet: $1" >&2
  exit 2
}

[ -f "$project/cli/start.ts" ] ||
  fail "found no program in \\"$project\\"; run deno task install where it is now"

case \${1-} in
  ${ownSets.join(" | ")}) permissions=$1 ;;
  *) permissions=unet ;;
esac

# npm's scripts leave theirs to the commands that they call.
unset INIT_CWD
export UNET_PROGRAM=unet

[ -f "$deno" ] && [ -x "$deno" ] || deno=$(command -v deno) || deno=
if [ -n "$deno" ]; then
  # Its workers are started as deno, which may be on no PATH.
  [ "$permissions" = tune ] && export PATH="$PATH:\${deno%/*}"
  exec "$deno" ${run} "$@"
fi
command -v npx >/dev/null 2>&1 ||
  fail "found neither deno nor npx, expected one of them on the PATH"
exec npx --yes deno@${denoVersion} ${run} "$@"
`;
}

/** A text as one word of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * The launcher for Windows' command processor, as {@linkcode shellLauncher}'s.
 *
 * @param plan What it starts.
 * @returns The text of a `.cmd` file.
 */
export function batchLauncher(
  { project, deno, denoVersion, home }: LauncherPlan,
): string {
  // A batch file is read in the console's code page, so that letters outside
  // ASCII are safest in a variable; most of them are in a user's name.
  const path = (text: string): string =>
    home !== undefined && text.toLowerCase().startsWith(home.toLowerCase())
      ? `%USERPROFILE%${escaped(text.slice(home.length))}`
      : escaped(text);
  const run = denoArguments(
    (file) => `"%project%\\${file.replaceAll("/", "\\")}"`,
    "%permissions%",
  );
  const lines = [
    "@echo off",
    `rem ${launcherMark}`,
    "setlocal",
    `set "project=${path(project)}"`,
    `set "deno=${path(deno)}"`,
    'set "permissions=unet"',
    ...ownSets.map((name) => `if "%~1"=="${name}" set "permissions=${name}"`),
    'set "INIT_CWD="',
    'set "UNET_PROGRAM=unet"',
    'if not exist "%project%\\cli\\start.ts" (',
    '  echo Cannot start unet: found no program in "%project%"; run deno ' +
    "task install where it is now>&2",
    "  exit /b 2",
    ")",
    'if exist "%deno%" goto run',
    'set "deno=deno"',
    "where /q deno && goto run",
    "where /q npx && goto npx",
    "echo Cannot start unet: found neither deno nor npx, expected one of them " +
    "on the PATH>&2",
    "exit /b 2",
    ":run",
    `"%deno%" ${run} %*`,
    "exit /b %ERRORLEVEL%",
    ":npx",
    `call npx --yes deno@${denoVersion} ${run} %*`,
    "exit /b %ERRORLEVEL%",
  ];
  return lines.map((line) => `${line}\r\n`).join("");
}

/** A text within quotes of a batch file. */
function escaped(text: string): string {
  return text.replaceAll("%", "%%");
}
