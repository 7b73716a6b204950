/**
 * Whether a system call failed, in contrast to the code around it: the file
 * functions reword the first alone, so that a programmer's mistake in what
 * they were given to call stays visible.
 */
export function isSystemFault(cause: unknown): boolean {
  if (cause instanceof Deno.errors.NotCapable) return true;
  if (!(cause instanceof Error)) return false;
  // Calls on an open file give no code, but the words of the system.
  return ("code" in cause && typeof cause.code === "string") ||
    /\(os error \d+\)/.test(cause.message);
}
