import { cannot, DeviceError } from "@unet/errors";
import { describeSystemFault } from "@unet/files";
import type { LibrarySubject } from "./library_installer.ts";

/** How pip is called. */
export interface PipOptions {
  /** What is installed, for messages. */
  readonly subject: LibrarySubject;
  /** A folder for pip's own temporary files. */
  readonly temporary: string;
  /** Ends pip when aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** The names that Python 3 goes by. */
const pythons = ["python3", "python"] as const;

/**
 * Finds a Python that has pip.
 *
 * @returns Its name, or why there is none and what to do.
 */
export async function findPip(): Promise<
  { readonly python: string } | { readonly reason: string }
> {
  let reason = "no Python (python3) on the PATH";
  for (const python of pythons) {
    try {
      const { success } = await new Deno.Command(python, {
        args: ["-m", "pip", "--version"],
        stdin: "null",
        stdout: "null",
        stderr: "null",
      }).output();
      if (success) return { python };
      reason = `${python} without pip`;
    } catch (cause) {
      if (cause instanceof Deno.errors.NotFound) continue;
      // Deno looks the names up at its start, and allows what it found then.
      if (cause instanceof Deno.errors.NotCapable && python !== pythons[0]) {
        continue;
      }
      reason = `no way to start ${python} (${describeSystemFault(cause)})`;
    }
  }
  return {
    reason: `${reason}; install python3 with pip (apt-get install python3-pip)`,
  };
}

/**
 * Runs pip without questions and without a word of its own.
 *
 * @throws {DeviceError} If there is no pip, or what pip says went wrong.
 * @throws {unknown} The signal's reason once it is aborted.
 */
export async function runPip(
  args: readonly string[],
  { subject: { kind, name }, temporary, signal }: PipOptions,
): Promise<void> {
  const pip = await findPip();
  signal?.throwIfAborted();
  if ("reason" in pip) {
    throw new DeviceError(
      cannot("install", kind, name, { found: pip.reason }),
    );
  }
  const { success, code, stdout, stderr } = await new Deno.Command(pip.python, {
    args: [
      ...["-m", "pip", ...args, "--disable-pip-version-check", "--no-input"],
      ...["--retries", "2", "--timeout", "15", "--progress-bar", "off"],
    ],
    env: { TMPDIR: temporary, PYTHONUNBUFFERED: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    ...(signal ? { signal } : {}),
  }).output();
  signal?.throwIfAborted();
  if (success) return;
  const decoder = new TextDecoder();
  const said = decoder.decode(stdout) + decoder.decode(stderr);
  throw new DeviceError(
    cannot("install", kind, name, reasonOf(said, code)),
    { cause: new Error(said) },
  );
}

/** What pip says when it fails, in the house's words. */
function reasonOf(
  said: string,
  code: number,
): { found: string; expected?: string; remedy?: string } {
  if (/No space left|Errno 28\b/.test(said)) {
    return { found: "a full disk", remedy: "free some space and try again" };
  }
  if (/DO NOT MATCH THE HASHES/i.test(said)) {
    return {
      found: "a package with another checksum",
      expected: "the one that this version was tested with",
      remedy: "ask the operator of the package index that pip uses",
    };
  }
  const offline =
    /NewConnectionError|NameResolutionError|name resolution|Connection (to|refused|broken|reset)|ConnectionError|timed out|unreachable|ProxyError|SSLError/;
  if (offline.test(said)) {
    return {
      found: "no connection to the package index",
      remedy: "try again online; for a proxy, use pip's settings",
    };
  }
  const error = said.split("\n").findLast((line) => /^ERROR: /.test(line)) ??
    said.trim().split("\n").at(-1);
  const words = error?.replace(/^ERROR: /, "") || "no words";
  return { found: `pip that ends with ${code} (${words})` };
}
