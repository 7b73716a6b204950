import { cannot, DeviceError, FileError } from "@unet/errors";
import {
  cacheFolder,
  describeSystemFault,
  recoverFolder,
  replaceFolder,
} from "@unet/files";
import { lockLibrary } from "./_lock_library.ts";
import type {
  InstallProgress,
  LibraryInstaller,
  LibrarySubject,
} from "./library_installer.ts";

/** How {@linkcode installLibrary} works. */
export interface InstallOptions {
  /** Called with the progress. */
  readonly onProgress?: (progress: InstallProgress) => void;
  /** Ends the installation when aborted; nothing of it is left then. */
  readonly signal?: AbortSignal;
}

/** The result of {@linkcode installLibrary}. */
export interface InstalledLibrary {
  /** The folder in the user's cache. */
  readonly folder: string;
  /** Whether it was installed now, and not before. */
  readonly isNew: boolean;
}

/** The download that {@linkcode installLibrary} would make. */
export interface LibraryOffer extends LibrarySubject {
  /** What is fetched, as in "oneDNN 3.1". */
  readonly title: string;
  /** How many bytes are fetched. */
  readonly bytes: number;
  /** Whether the library is found already, wherever it lies. */
  readonly isFound: boolean;
  /** Why it cannot be installed here, and what to do; else empty. */
  readonly obstacle: string;
}

/** The folder in the user's cache of a library, whether or not it is there. */
export function libraryFolder(
  { kind, folder }: Pick<LibraryInstaller, "kind" | "folder">,
): string {
  return cacheFolder(kind === "device" ? "devices" : "libraries", folder);
}

/**
 * Says what an installation would fetch, and whether it is needed and
 * possible. Nothing is fetched.
 *
 * @throws {DeviceError} If the environment names a library that is not there.
 */
export async function offerLibrary(
  installer: LibraryInstaller,
): Promise<LibraryOffer> {
  const { kind, name, title, bytes } = installer;
  const isFound = await installer.isFound();
  const obstacle = isFound ? "" : await installer.obstacle() ?? "";
  return { kind, name, title, bytes, isFound, obstacle };
}

/**
 * Installs a library in the user's cache. The folder appears atomically; of two
 * processes that install at once, one waits for the other. If the library is
 * there already, nothing is fetched.
 *
 * @param installer How to get it.
 * @param options Progress, and a signal to end it.
 * @returns Where it is.
 * @throws {DeviceError} If it cannot be fetched or written.
 * @throws {FileError} If the environment names no cache.
 */
export async function installLibrary(
  installer: LibraryInstaller,
  { onProgress = () => {}, signal }: InstallOptions = {},
): Promise<InstalledLibrary> {
  signal?.throwIfAborted();
  const { kind, name } = installer, folder = libraryFolder(installer);
  using _lock = await lockLibrary(folder, {
    subject: installer,
    onProgress,
    signal,
  });
  await recoverFolder(folder);
  if (await installer.isComplete(folder)) return { folder, isNew: false };
  const obstacle = await installer.obstacle();
  if (obstacle !== null) {
    throw new DeviceError(cannot("install", kind, name, { found: obstacle }));
  }
  try {
    await replaceFolder(
      folder,
      (fresh) => installer.fill(fresh, { onProgress, signal }),
    );
  } catch (cause) {
    if (!(cause instanceof FileError)) throw cause;
    throw new DeviceError(
      cannot("install", kind, name, {
        found: `a cache that cannot be written (${cause.message})`,
        remedy: "free some space, or set UNET_CACHE to another folder",
      }),
      { cause },
    );
  }
  return { folder, isNew: true };
}

/**
 * Removes from the user's cache what {@linkcode installLibrary} put there.
 *
 * @param installer How it was installed.
 * @returns The folder, and whether it was there.
 * @throws {DeviceError} If it cannot be removed.
 */
export async function uninstallLibrary(
  installer: LibraryInstaller,
): Promise<{ readonly folder: string; readonly wasThere: boolean }> {
  const { kind, name } = installer, folder = libraryFolder(installer);
  using _lock = await lockLibrary(folder, { subject: installer });
  const wasThere = await recoverFolder(folder);
  try {
    if (wasThere) await Deno.remove(folder, { recursive: true });
  } catch (cause) {
    throw new DeviceError(
      cannot("uninstall", kind, name, {
        found: describeSystemFault(cause),
        remedy: `remove ${folder}`,
      }),
      { cause },
    );
  }
  return { folder, wasThere };
}
