/**
 * Runs one command and prints as JSON how long it took and what it needed:
 * takes a {@linkcode TimedCommand} as JSON. `run_process.ts` starts it anew for
 * each command, since a system counts the memory of all of a process's children
 * together.
 */
// deno-lint-ignore-file no-console

/** What is run. */
export interface TimedCommand {
  /** The executable and its arguments. */
  readonly command: readonly string[];
  /** The folder that it runs in. */
  readonly cwd: string;
}

/** What running it took. */
export interface TimedRun {
  /** Seconds from its start to its end. */
  readonly seconds: number;
  /** Seconds of all its threads on processors; null where unknown. */
  readonly processorSeconds: number | null;
  /** The most memory that it held, in bytes; null where unknown. */
  readonly peakMemoryBytes: number | null;
  /** What it printed. */
  readonly lines: readonly string[];
}

/** The C library's name, where it counts what children need. */
const libraries: Partial<Record<typeof Deno.build.os, string>> = {
  linux: "libc.so.6",
  darwin: "libSystem.dylib",
};

/** `RUSAGE_CHILDREN` of getrusage(2). */
const ofChildren = -1;

type Usage = Pick<TimedRun, "processorSeconds" | "peakMemoryBytes">;

/** What the children of this process have needed that have ended. */
function usageOfChildren(): Usage {
  const name = libraries[Deno.build.os];
  if (name === undefined) {
    return { processorSeconds: null, peakMemoryBytes: null };
  }
  const library = Deno.dlopen(name, {
    getrusage: { parameters: ["i32", "buffer"], result: "i32" },
  });
  // More than the structure has on any system.
  const usage = new BigInt64Array(32);
  const status = library.symbols.getrusage(ofChildren, usage.buffer);
  library.close();
  if (status !== 0) throw new Error(`getrusage failed with ${status}`);
  // Two times of seconds and microseconds, user's and system's, then memory.
  const time = (at: number): number => Number(usage[at]) + microseconds(at + 1);
  // macOS has 32 bits of microseconds and leaves the rest of the word open.
  const microseconds = (at: number): number =>
    Number(BigInt.asIntN(32, usage[at]!)) / 1e6;
  return {
    processorSeconds: time(0) + time(2),
    peakMemoryBytes: Number(usage[4]) *
      (Deno.build.os === "darwin" ? 1 : 1024),
  };
}

/** Runs a command; null where it failed, with what it said on standard error. */
async function timeCommand(
  { command: [executable, ...args], cwd }: TimedCommand,
): Promise<TimedRun | null> {
  const command = new Deno.Command(executable!, {
    ...{ args, cwd, stdin: "null", stdout: "piped", stderr: "piped" },
  });
  const start = performance.now();
  const { success, stdout, stderr } = await command.output();
  const seconds = (performance.now() - start) / 1000;
  if (!success) {
    await Deno.stderr.write(stderr);
    return null;
  }
  const lines = new TextDecoder().decode(stdout).split("\n");
  return { seconds, ...usageOfChildren(), lines };
}

if (import.meta.main) {
  const run = await timeCommand(JSON.parse(Deno.args[0]!));
  if (run === null) Deno.exit(1);
  console.log(JSON.stringify(run));
}
