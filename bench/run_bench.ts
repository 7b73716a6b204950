import { dirname, fromFileUrl } from "@std/path";

/** The folder of the project. */
export const benchRoot = dirname(dirname(fromFileUrl(import.meta.url)));

/** What the benchmark ended with. */
export interface BenchRun {
  /** The exit code. */
  readonly code: number;
  /** What it printed. */
  readonly stdout: string;
  /** What it reported besides. */
  readonly stderr: string;
}

/** Runs `deno task bench` with arguments, for tests. */
export async function runBench(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<BenchRun> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-P=bench", "bench/main.ts", ...args],
    cwd: benchRoot,
    env: { NO_COLOR: "1", ...env },
  }).output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}
