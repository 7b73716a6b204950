/** The first line of an error's message. */
export function firstLine(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.split("\n", 1)[0]!.trim();
}

/** Words the fault of a system call, for the place after "found". */
export function systemFault(cause: unknown): string {
  if (cause instanceof Deno.errors.NotFound) return "no such file or folder";
  if (cause instanceof Deno.errors.PermissionDenied) {
    return "no permission of the system";
  }
  return firstLine(cause);
}
