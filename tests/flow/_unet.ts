import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";

/** What a command printed, and how it ended. */
export interface Ended {
  /** The exit code; 128 and the signal's number where a signal ended it. */
  readonly code: number;
  /** What it printed on standard output. */
  readonly stdout: string;
  /** What it printed on standard error. */
  readonly stderr: string;
}

/** How a command is run. */
export interface RunOptions {
  /** The folder it runs in. */
  readonly cwd?: string;
  /** Shell code that calls it as `"$@"`, as in `"$@" > /dev/full`. */
  readonly shell?: string;
  /** Variables of its environment besides. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it prints to a terminal, which `script` makes; not by default. */
  readonly terminal?: boolean;
  /** Whether `deno task` starts it, quietly, instead of `deno run`. */
  readonly asTask?: boolean;
  /** Its permissions, of the root's `deno.json`; those of `unet` by default. */
  readonly permissions?: "unet" | "tune" | "install";
  /** Called once it runs, to end it. */
  readonly whileRunning?: (child: Deno.ChildProcess) => Promise<void>;
}

const main = fromFileUrl(new URL("../../cli/main.ts", import.meta.url));
const config = fromFileUrl(new URL("../../deno.json", import.meta.url));

/** The environment without what npx or the installed command add to it. */
function inheritedEnv(): Record<string, string> {
  const own = ["INIT_CWD", "UNET_PROGRAM", "npm_command"];
  return Object.fromEntries(
    Object.entries(Deno.env.toObject()).filter(([name]) => !own.includes(name)),
  );
}

/** A folder for tests, and the command that runs in it. */
export interface Place extends AsyncDisposable {
  /** The folder. */
  readonly path: string;
  /** A file or folder in it. */
  at(...names: string[]): string;
  /** Runs `unet` as `deno task unet` does, offline and with a cache of its own. */
  unet(args: readonly string[], options?: RunOptions): Promise<Ended>;
}

/** Makes a folder for tests. */
export async function createPlace(): Promise<Place> {
  const path = await Deno.realPath(
    await Deno.makeTempDir({ prefix: "unet-flow-" }),
  );
  return {
    path,
    at: (...names) => join(path, ...names),
    unet: (args, options = {}) =>
      runUnet(args, { cwd: path, ...options }, path),
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

async function runUnet(
  args: readonly string[],
  {
    cwd,
    shell,
    terminal = false,
    env = {},
    permissions = "unet",
    asTask = false,
    whileRunning,
  }: RunOptions,
  place: string,
): Promise<Ended> {
  const words = asTask
    ? [...[Deno.execPath(), "task", "-q", "-c", config, "unet"], ...args]
    : [
      ...[Deno.execPath(), "run", "--quiet", `-P=${permissions}`, main],
      ...args,
    ];
  const [program, ...rest] = terminal
    ? ["script", "-q", "-e", "-c", words.map(quote).join(" "), "/dev/null"]
    : shell !== undefined
    ? ["bash", "-o", "pipefail", "-c", shell, "bash", ...words]
    : words;
  const child = new Deno.Command(program!, {
    args: rest,
    ...(cwd === undefined ? {} : { cwd }),
    clearEnv: true,
    env: {
      ...inheritedEnv(),
      UNET_CACHE: join(place, ".cache"),
      UNET_OFFLINE: "1",
      NO_COLOR: "1",
      // Tests run beside one another, where threads wait for each other.
      OMP_NUM_THREADS: "1",
      ...env,
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const ended = child.output();
  await whileRunning?.(child);
  const { code, stdout, stderr } = await ended;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

/**
 * Waits until a condition holds, as while a command runs.
 *
 * @returns Whether it held before the process ended.
 */
export async function until(
  child: Deno.ChildProcess,
  condition: () => boolean,
): Promise<boolean> {
  let hasEnded = false;
  child.status.then(() => hasEnded = true);
  while (!hasEnded) {
    if (condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return false;
}

/** A word as a shell reads it. */
function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** Asserts that a command went well and printed nothing but plain lines. */
export function assertDone(ended: Ended): void {
  assertEquals(ended.stderr, "");
  assertEquals(ended.code, 0, ended.stdout);
  assertPlain(ended);
}

/** A command's end, once it has ended well. */
export async function done(running: Promise<Ended>): Promise<Ended> {
  const ended = await running;
  assertDone(ended);
  return ended;
}

/**
 * Asserts that a command ended with a fault in plain words.
 *
 * @returns The last line of standard error.
 */
export function faultOf(ended: Ended, code = 2): string {
  assertPlain(ended);
  assertEquals(ended.code, code, ended.stderr + ended.stdout);
  const lines = ended.stderr.trimEnd().split("\n");
  assert(lines.every((line) => line.length > 0), ended.stderr);
  return lines.at(-1)!;
}

/** Asserts that there are no stack traces and no control codes. */
export function assertPlain({ stdout, stderr }: Ended): void {
  for (const text of [stdout, stderr]) {
    // deno-lint-ignore no-control-regex
    assert(!/[\x00-\x09\x0b-\x1f\x7f]/.test(text), text);
    assert(!/^ +at |Uncaught|file:\/\/|Error:/m.test(text), text);
  }
}
