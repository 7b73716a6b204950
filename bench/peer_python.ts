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
  const missing = await missingModules(python, [module]);
  if (missing.length > 0) throw noPeers(python, `no module ${module}`);
}

/**
 * The modules that an interpreter lacks.
 *
 * @throws {DeviceError} If it does not run.
 */
export async function missingModules(
  python: string,
  modules: readonly string[],
): Promise<string[]> {
  const program = "import importlib.util as u, sys\n" +
    "print(*(m for m in sys.argv[1:] if u.find_spec(m) is None))";
  let output: Deno.CommandOutput;
  try {
    const command = new Deno.Command(python, {
      args: ["-c", program, ...modules],
      stdin: "null",
    });
    output = await command.output();
  } catch (cause) {
    throw noPeers(python, onOneLine(String(cause)), cause);
  }
  if (!output.success) throw noPeers(python, `exit code ${output.code}`);
  return new TextDecoder().decode(output.stdout).split(/\s+/).filter(Boolean);
}

/** The error of peers that cannot run. */
export function noPeers(
  python: string,
  found: string,
  cause?: unknown,
): DeviceError {
  return new DeviceError(
    cannot("run", "peers with", python, {
      found,
      remedy: "deno task bench:peers makes an environment for them (with " +
        "--tensorflow for TensorFlow), --peers none does without",
    }),
    { cause },
  );
}
