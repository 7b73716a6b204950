import { join } from "@std/path";
import { defaultCacheFolder } from "@unet/data";

/** The folder of the environment that `deno task bench:peers` makes. */
export function peerFolder(): string {
  return join(defaultCacheFolder(), "bench-peers");
}

/** The interpreter of an environment. */
export function pythonIn(folder: string): string {
  return Deno.build.os === "windows"
    ? join(folder, "Scripts", "python.exe")
    : join(folder, "bin", "python");
}

/**
 * Finds the interpreter that runs the peers: UNET_PEER_PYTHON, else that of
 * the environment that `deno task bench:peers` made.
 *
 * @returns Its path, or null if there is none.
 */
export async function findPeerPython(): Promise<string | null> {
  const named = Deno.env.get("UNET_PEER_PYTHON");
  if (named) return named;
  const made = pythonIn(peerFolder());
  try {
    await Deno.stat(made);
    return made;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return null;
    throw cause;
  }
}
