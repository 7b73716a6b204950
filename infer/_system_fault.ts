/** Words the fault of a system call, for the place after "found". */
export function wordFault(cause: unknown): string {
  if (cause instanceof Deno.errors.NotFound) return "no such file or folder";
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.split("\n", 1)[0] ?? text;
}
