import { isAbsolute, join } from "@std/path";
import { cannot, DeviceError } from "@unet/errors";

/** Where TensorFlow's library is, or why it is nowhere. */
export interface FoundLibrary {
  /** The library's file; null if there is none. */
  readonly path: string | null;
  /** Who brought it, or what was looked for in vain. */
  readonly source: string;
}

/** Where {@linkcode findLibrary} looks. */
export interface FindLibraryOptions {
  /** A file or a folder that has it; default: UNET_TENSORFLOW. */
  readonly named?: string | undefined;
  /** The folder of an installed virtual environment. */
  readonly environment?: string | undefined;
  /** The interpreter whose packages are looked at; default: python3. */
  readonly python?: string | undefined;
}

const suffix = Deno.build.os === "darwin" ? "2.dylib" : "so.2";
/** By whom: pip's package, the C library's releases. */
const fileNames = Deno.build.os === "darwin"
  ? ["libtensorflow_cc.2.dylib", "libtensorflow.2.dylib"]
  : [`libtensorflow_cc.${suffix}`, `libtensorflow.${suffix}`];

/**
 * Looks for TensorFlow's library: what UNET_TENSORFLOW names, the download of
 * tfjs-node-gpu's own installer, the virtual environment that was installed
 * for it, the packages of python3.
 *
 * @param options Where to look.
 * @returns The file and who brought it, or what was looked for in vain.
 * @throws {DeviceError} If UNET_TENSORFLOW names something else.
 *
 * @example
 * ```ts
 * import { findLibrary } from "@unet/device/tensorflow";
 * import { assert } from "@std/assert";
 *
 * const { path, source } = await findLibrary();
 * assert(path === null || path.includes("libtensorflow"), source);
 * ```
 */
export async function findLibrary(
  options: FindLibraryOptions = {},
): Promise<FoundLibrary> {
  if (Deno.build.os === "windows") {
    const source = "no way to load TensorFlow's library on Windows (use WSL)";
    return { path: null, source };
  }
  const { named = Deno.env.get("UNET_TENSORFLOW") } = options;
  if (named) return { path: await findNamed(named), source: "UNET_TENSORFLOW" };

  const { depsLibTensorFlowPath } = await import(
    "@tensorflow/tfjs-node-gpu/scripts/deps-constants.js"
  );
  if (await isFile(depsLibTensorFlowPath)) {
    return { path: depsLibTensorFlowPath, source: "tfjs-node-gpu" };
  }
  const { environment } = options;
  const installed = environment && await findInEnvironment(environment);
  if (installed) return { path: installed, source: "installed by unet" };

  const { python = "python3" } = options;
  const folder = await findPackage(python);
  const path = folder && await findIn(folder);
  if (path) return { path, source: `pip of ${python}` };
  return {
    path: null,
    source: folder
      ? `no libtensorflow_cc in ${folder} (pip's is there from 2.12 on)`
      : `no TensorFlow in UNET_TENSORFLOW, tfjs-node-gpu or ${python}`,
  };
}

async function findNamed(named: string): Promise<string> {
  if (await isFile(named)) return named;
  const folders = [named, join(named, "lib"), join(named, "tensorflow")];
  for (const folder of folders) {
    const path = await findIn(folder);
    if (path) return path;
  }
  throw new DeviceError(
    cannot("find", "library in UNET_TENSORFLOW", named, {
      found: isAbsolute(named) ? "none" : "none; the path is relative",
      expected: `the file ${fileNames.join(" or ")}, or a folder with it`,
    }),
  );
}

/** The library in a virtual environment of Python's. */
export async function findInEnvironment(
  folder: string,
): Promise<string | null> {
  const lib = join(folder, "lib");
  let entries: Deno.DirEntry[];
  try {
    entries = await Array.fromAsync(Deno.readDir(lib));
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return null;
    throw cause;
  }
  for (const { name } of entries) {
    if (!name.startsWith("python3")) continue;
    const path = await findIn(join(lib, name, "site-packages", "tensorflow"));
    if (path) return path;
  }
  return null;
}

async function findIn(folder: string): Promise<string | null> {
  for (const name of fileNames) {
    const path = join(folder, name);
    if (await isFile(path)) return path;
  }
  return null;
}

/** The folder of the package that an interpreter would import. */
async function findPackage(python: string): Promise<string | null> {
  // Found, not imported: that would take seconds.
  const program =
    "import importlib.util as u; s = u.find_spec('tensorflow'); " +
    "print(s.submodule_search_locations[0] if s else '')";
  try {
    const { success, stdout } = await new Deno.Command(python, {
      args: ["-c", program],
      stdin: "null",
      stderr: "null",
    }).output();
    const folder = new TextDecoder().decode(stdout).trim();
    return success && folder !== "" ? folder : null;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return null;
    throw cause;
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (cause) {
    if (
      cause instanceof Deno.errors.NotFound ||
      cause instanceof Deno.errors.NotADirectory
    ) return false;
    throw cause;
  }
}
