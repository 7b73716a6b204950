import { describeSystemFault } from "@unet/files";

/** The names that Python 3 goes by. */
export const pythons: readonly string[] = ["python3", "python"];

/**
 * Starts Python with pipes for its input and output, alone: without a person's
 * packages and settings.
 *
 * @param program What it runs.
 * @param args What the program is given.
 * @returns The process, or why there is none and what to do.
 */
export function startPython(
  program: string,
  args: readonly string[],
): { readonly child: Deno.ChildProcess } | { readonly reason: string } {
  let reason = "no Python (python3) on the PATH";
  for (const [at, python] of pythons.entries()) {
    try {
      const child = new Deno.Command(python, {
        args: ["-I", "-S", "-c", program, ...args],
        stdin: "piped",
        stdout: "piped",
        stderr: "null",
      }).spawn();
      return { child };
    } catch (cause) {
      if (cause instanceof Deno.errors.NotFound) continue;
      // Deno looks the names up at its start, and allows what it found then.
      if (cause instanceof Deno.errors.NotCapable && at > 0) continue;
      reason = `no way to start ${python} (${describeSystemFault(cause)})`;
    }
  }
  return { reason: `${reason}; install python3` };
}
