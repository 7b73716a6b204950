/**
 * Words the fault of a system call, for the place after "found" in a message.
 *
 * @param cause What the call threw.
 * @returns A few words, as in "no such file or folder" or "a full disk".
 *
 * @example
 * ```ts
 * import { describeSystemFault } from "@unet/files";
 * import { assertEquals } from "@std/assert";
 *
 * try {
 *   await Deno.stat("no/such/file");
 * } catch (cause) {
 *   assertEquals(describeSystemFault(cause), "no such file or folder");
 * }
 * ```
 */
export function describeSystemFault(cause: unknown): string {
  if (cause instanceof Deno.errors.NotFound) return "no such file or folder";
  if (cause instanceof Deno.errors.PermissionDenied) {
    return "no permission of the system";
  }
  if (cause instanceof Deno.errors.NotCapable) {
    return `no permission of Deno (${firstLine(cause.message)})`;
  }
  if (cause instanceof Deno.errors.IsADirectory) return "a folder";
  if (cause instanceof Deno.errors.NotADirectory) return "a file as a folder";
  if (cause instanceof Deno.errors.AlreadyExists) return "a file of that name";
  if (cause instanceof Error) {
    if (/os error 28\b|ENOSPC/.test(cause.message)) return "a full disk";
    if (/os error 30\b|EROFS/.test(cause.message)) {
      return "a read-only file system";
    }
    if (/os error 16\b|EBUSY/.test(cause.message)) {
      return "a file or folder in use, as one that is mounted there";
    }
    // "File too large (os error 27): write '...'" repeats what the message says.
    const [, words] = /^(.+?) \(os error \d+\)/.exec(cause.message) ?? [];
    if (words) return `"${words}"`;
    return firstLine(cause.message);
  }
  return String(cause);
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? text;
}
