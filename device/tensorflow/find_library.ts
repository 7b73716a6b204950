import { isAbsolute, join, resolve } from "@std/path";
import { cannot, DeviceError } from "@unet/errors";
import { cacheFolder, infoOf } from "@unet/files";
import { hasChecksum } from "@unet/native";
import { tensorflowWheel } from "./_wheel.ts";

/** Where TensorFlow's library is, or why it is nowhere. */
export interface FoundLibrary {
  /** The library's file; null if there is none. */
  readonly path: string | null;
  /** Who brought it, or what was looked for and not found. */
  readonly source: string;
}

/** Where {@linkcode findLibrary} looks. */
export interface FindLibraryOptions {
  /** A file or a folder that has it; default: UNET_TENSORFLOW. */
  readonly named?: string | undefined;
  /** Where `installDevice()` puts it; default: a folder in the cache. */
  readonly installed?: string | undefined;
  /** The checksums of the files there; default: those of pip's package. */
  readonly checksums?: Readonly<Record<string, string>>;
  /** The interpreter whose packages are looked at; default: python3. */
  readonly python?: string | undefined;
}

/** How to get the library where it was not found. */
const remedy = "get it with `installDevice tensorflow`";

/** The libraries that Linux' loader knows. */
const loaderCache = "/etc/ld.so.cache";

const suffix = Deno.build.os === "darwin" ? "2.dylib" : "so.2";
/** pip's from 2.12 on, the C library's releases, pip's up to 2.11. */
const fileNames = Deno.build.os === "darwin"
  ? ["libtensorflow_cc.2.dylib", "libtensorflow.2.dylib"]
  : [
    `libtensorflow_cc.${suffix}`,
    `libtensorflow.${suffix}`,
    "python/_pywrap_tensorflow_internal.so",
  ];

/**
 * Looks for TensorFlow's library: what UNET_TENSORFLOW names, the download of
 * tfjs-node-gpu's own installer, what `installDevice()` put into the cache, the
 * packages of python3. What lies in the cache is compared with its checksum,
 * once per change of the files.
 *
 * @param options Where to look.
 * @returns The file and who brought it, or what was looked for and not found.
 * @throws {DeviceError} If UNET_TENSORFLOW names something else.
 * @throws {FileError} If the environment names no cache.
 *
 * @example
 * ```ts
 * import { findLibrary } from "@unet/device/tensorflow";
 * import { assert } from "@std/assert";
 *
 * const { path, source } = await findLibrary();
 * assert(path === null || path.includes("tensorflow"), source);
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
  const {
    installed = cacheFolder("devices", tensorflowWheel.folder),
    checksums = tensorflowWheel.sha256s,
  } = options;
  const cached = await findIn(join(installed, "tensorflow"));
  if (cached) {
    const changed = await findChanged(installed, checksums);
    if (changed === undefined) return { path: cached, source: "cache" };
    return {
      path: null,
      source: `another library (${changed}) than the one that was installed; ` +
        "remove it with `uninstallDevice tensorflow`",
    };
  }

  const { python = "python3" } = options;
  const folder = await findPackage(python);
  const path = folder && await findIn(folder);
  if (path) return { path, source: `pip of ${python}` };
  return {
    path: null,
    source: folder
      ? `no library in ${folder}`
      : `no TensorFlow in UNET_TENSORFLOW, the cache or ${python}; ${remedy}`,
  };
}

/**
 * Paths that {@linkcode findLibrary} looks at, whether or not there is a library
 * now: those of the person, of the packages, of the cache, and the folders of
 * python3's packages, which change with every package that comes or goes. And
 * the list of the system's libraries, which changes with the driver of a GPU.
 */
export async function libraryTraces(): Promise<readonly string[]> {
  if (Deno.build.os === "windows") return [];
  const named = Deno.env.get("UNET_TENSORFLOW");
  if (named) {
    const places = [named, join(named, "lib"), join(named, "tensorflow")];
    const files = places.flatMap((folder) =>
      fileNames.map((name) => join(folder, name))
    );
    return [loaderCache, ...[named, ...files].map((path) => resolve(path))];
  }
  const installed = cacheFolder("devices", tensorflowWheel.folder);
  const { depsLibTensorFlowPath } = await import(
    "@tensorflow/tfjs-node-gpu/scripts/deps-constants.js"
  );
  return [
    loaderCache,
    depsLibTensorFlowPath,
    ...Object.keys(tensorflowWheel.files).map((name) => join(installed, name)),
    ...await findPackageFolders("python3"),
  ];
}

/** The first file in the cache that is not what the package had. */
async function findChanged(
  installed: string,
  checksums: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  for (const [name, sha256] of Object.entries(checksums)) {
    const path = join(installed, name);
    if (!await isFile(path) || !await hasChecksum(path, sha256)) return path;
  }
  return undefined;
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
      expected: `the file ${fileNames[0]}, or a folder with it`,
    }),
  );
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
  const folder = await ask(
    python,
    "import importlib.util as u; s = u.find_spec('tensorflow'); " +
      "print(s.submodule_search_locations[0] if s else '')",
  );
  return folder || null;
}

/** The folders that an interpreter imports packages from. */
async function findPackageFolders(python: string): Promise<string[]> {
  const folders = await ask(python, "import sys; print('\\n'.join(sys.path))");
  return folders?.split("\n").filter((path) => isAbsolute(path)) ?? [];
}

/** What a program in Python prints; null where there is no such interpreter. */
async function ask(python: string, program: string): Promise<string | null> {
  try {
    const { success, stdout } = await new Deno.Command(python, {
      args: ["-c", program],
      stdin: "null",
      stderr: "null",
    }).output();
    return success ? new TextDecoder().decode(stdout).trim() : null;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return null;
    throw cause;
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await infoOf(path))?.isFile ?? false;
}
