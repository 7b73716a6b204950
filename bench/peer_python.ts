import { join } from "@std/path";
import { cannot, DeviceError, onOneLine } from "@unet/errors";
import { cacheFolder, infoOf } from "@unet/files";

/** The folder of the environment that `deno task bench:peers` makes. */
export function peerFolder(): string {
  return cacheFolder("bench-peers");
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
  return await infoOf(made) === null ? null : made;
}

/**
 * Makes sure that an interpreter runs and has a module, before anything is
 * measured.
 *
 * @throws {DeviceError} If not.
 */
export async function checkPython(
  python: string,
  module: string,
): Promise<void> {
  const failed = (found: string, cause?: unknown): DeviceError =>
    new DeviceError(
      cannot("run", "peers with", python, {
        found,
        remedy: "deno task bench:peers makes an environment for them (with " +
          "--tensorflow for TensorFlow), --peers none does without",
      }),
      { cause },
    );
  const program = "import importlib.util as u, sys\n" +
    "sys.exit(u.find_spec(sys.argv[1]) is None)";
  let success: boolean;
  try {
    const command = new Deno.Command(python, {
      args: ["-c", program, module],
      stdin: "null",
    });
    ({ success } = await command.output());
  } catch (cause) {
    throw failed(onOneLine(String(cause)), cause);
  }
  if (!success) throw failed(`no module ${module}`);
}
