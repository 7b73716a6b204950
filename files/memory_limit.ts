import { cannot, UsageError } from "@unet/errors";

/** What a process may take where nothing says how much memory there is. */
const unknown = 4 * 2 ** 30;

/** What a person does where a file takes more memory than it may. */
export const memoryRemedy: string =
  "if the file is right, set UNET_MEMORY to the memory in GiB " +
  "that reading may take";

/**
 * How much memory this process may take: what `UNET_MEMORY` says in GiB, else
 * what the machine has. A container's limit is in files that Deno lets no
 * program read without every permission, so `UNET_MEMORY` has to say it. Where
 * a program may not ask (`env` of that variable, `sys` of `systemMemoryInfo`),
 * it is 4 GiB; Deno asks nobody.
 *
 * @returns Bytes.
 * @throws {UsageError} If `UNET_MEMORY` is no number above 0.
 *
 * @example
 * ```ts
 * import { memoryLimit } from "@unet/files";
 * import { assert } from "@std/assert";
 *
 * assert(memoryLimit() > 0);
 * ```
 */
export function memoryLimit(): number {
  const named = namedLimit();
  if (named !== undefined) return named;
  if (!isGranted({ name: "sys", kind: "systemMemoryInfo" })) return unknown;
  return Deno.systemMemoryInfo().total;
}

/**
 * How much memory a person allows by `UNET_MEMORY`.
 *
 * @returns Bytes; undefined where the variable is not set, or may not be read.
 * @throws {UsageError} If it is no number above 0.
 */
export function namedLimit(): number | undefined {
  const variable = "UNET_MEMORY";
  if (!isGranted({ name: "env", variable })) return undefined;
  const text = Deno.env.get(variable);
  if (text === undefined || text === "") return undefined;
  const gibibytes = Number(text);
  if (gibibytes > 0 && gibibytes < Infinity) return gibibytes * 2 ** 30;
  throw new UsageError(
    cannot("read", "variable", variable, {
      found: text,
      expected: "a number of GiB above 0",
    }),
  );
}

/** Whether Deno would answer without asking the person. */
function isGranted(permission: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(permission).state === "granted";
}
