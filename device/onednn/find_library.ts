import { join, resolve } from "@std/path";
import { cannot, DeviceError, FileError } from "@unet/errors";
import { cacheFolder, describeSystemFault, infoOf } from "@unet/files";
import { hasChecksum } from "@unet/native";
import { loaderCache } from "./_find_gomp.ts";
import { onednnWheel } from "./_wheel.ts";

/** oneDNN's library on this machine. */
export interface FoundOnednn {
  /** The library's file. */
  readonly path: string;
  /** Who put it there: the person, `installDevice()`, or the system. */
  readonly source: "UNET_ONEDNN" | "cache" | "system";
}

/** How to get the library where it was not found. */
export const onednnRemedy: string =
  "get it with `installDevice onednn`, or set UNET_ONEDNN " +
  "to a libdnnl.so.3";

/** The platform that oneDNN's fast convolutions, and pip's build, are for. */
const platform = "x86_64-unknown-linux-gnu";

/** What other platforms would need. */
const needs: Readonly<Record<string, string>> = {
  aarch64: "a libdnnl built with the Arm Compute Library, and to be tried",
  windows: "a dnnl.dll of 3.1, which pip does not have, and to be tried",
  darwin: "a libdnnl.dylib of 3.1, and to be tried",
};

/** Where Linux distributions keep the libraries of x64. */
const systemFolders: readonly string[] = [
  ...["/usr/local/lib", "/usr/local/lib64"],
  ...["/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu"],
  ...["/usr/lib64", "/lib64", "/usr/lib", "/lib"],
];

/**
 * Looks for oneDNN's library: where `UNET_ONEDNN` says (a file, or a folder
 * with `libdnnl.so.3` or `libdnnl.so`), in the user's cache, in the system's
 * library folders. The cached one is compared with its checksum, once per
 * change of the file; one that a person names is theirs. Nothing is loaded.
 *
 * @returns The library, or null; {@linkcode whyNoOnednn} says why.
 * @throws {DeviceError} If `UNET_ONEDNN` is set and there is no such library:
 * no other is taken in its place.
 */
export async function findOnednn(): Promise<FoundOnednn | null> {
  const found = await searchHere();
  return "path" in found ? found : null;
}

/**
 * Says why {@linkcode findOnednn} found nothing, and what to do about it, for
 * the place after "found" in a message.
 *
 * @returns The reason; null if it does find a library.
 * @throws {DeviceError} As `findOnednn()` does.
 */
export async function whyNoOnednn(): Promise<string | null> {
  const found = await searchHere();
  return "path" in found ? null : found.reason;
}

/** Why oneDNN cannot work on this platform; null where it can. */
export function whyNotThisPlatform(target = Deno.build.target): string | null {
  if (target === platform) return null;
  const key = Object.keys(needs).find((key) => target.includes(key));
  const need = key === undefined ? "" : `, which needs ${needs[key]}`;
  return `platform ${target}${need}; oneDNN runs on Linux x64 with glibc alone`;
}

/** Where {@linkcode searchOnednn} looks. */
export interface OnednnPlaces {
  /** The file or folder that a person named, if any. */
  readonly own?: string | undefined;
  /** The folder that `installDevice("onednn")` fills. */
  readonly cache: string;
  /** The system's library folders. */
  readonly system: readonly string[];
  /** The checksum of the library in the cache. */
  readonly sha256?: string;
}

/** {@linkcode findOnednn} over given places. */
export async function searchOnednn(
  { own, cache, system, sha256 = onednnWheel.librarySha256 }: OnednnPlaces,
): Promise<FoundOnednn | { readonly reason: string }> {
  if (own) {
    return { path: await ownLibrary(resolve(own)), source: "UNET_ONEDNN" };
  }
  const unfit = whyNotThisPlatform();
  if (unfit !== null) return { reason: unfit };
  const cached = resolve(cache, onednnWheel.library);
  const size = await sizeOf(cached);
  const isWhole = size === onednnWheel.libraryBytes;
  if (isWhole && await hasChecksum(cached, sha256)) {
    return { path: cached, source: "cache" };
  }
  const path = await firstFile(system, "libdnnl.so.3");
  if (path !== null) return { path, source: "system" };
  const older = await firstFile(system, "libdnnl.so.2");
  const found = isWhole
    ? `another library (${cached}) than the one that was installed`
    : size !== null
    ? `a damaged library (${cached}) of ${size} bytes`
    : older !== null
    ? `oneDNN 2.x alone (${older}), which is too old`
    : "no oneDNN library (libdnnl.so.3)";
  return { reason: `${found}; ${onednnRemedy}` };
}

async function searchHere(): Promise<
  FoundOnednn | { readonly reason: string }
> {
  try {
    const own = Deno.env.get("UNET_ONEDNN");
    const cache = own ? "" : cacheFolder("devices", onednnWheel.folder);
    return await searchOnednn({ own, cache, system: systemFolders });
  } catch (cause) {
    // A program that may not read the environment or files has no oneDNN.
    if (cause instanceof Deno.errors.NotCapable) {
      return { reason: describeSystemFault(cause) };
    }
    if (cause instanceof FileError) return { reason: cause.message };
    throw cause;
  }
}

/**
 * Paths that {@linkcode findOnednn} looks at, whether or not there is a library
 * now, and the list of the libraries that it needs.
 */
export function onednnTraces(): readonly string[] {
  const own = Deno.env.get("UNET_ONEDNN");
  const places = own
    ? [own, join(own, "libdnnl.so.3"), join(own, "libdnnl.so")]
    : [
      join(cacheFolder("devices", onednnWheel.folder), onednnWheel.library),
      ...systemFolders.map((folder) => join(folder, "libdnnl.so.3")),
    ];
  return [...places.map((path) => resolve(path)), loaderCache];
}

/** The library that a person named. */
async function ownLibrary(own: string): Promise<string> {
  const unfit = whyNotThisPlatform();
  if (unfit !== null) throw wrong(own, unfit);
  let path = own;
  try {
    if ((await Deno.stat(own)).isDirectory) {
      const names = ["libdnnl.so.3", "libdnnl.so"];
      const inside = await firstOf(names.map((name) => join(own, name)));
      if (inside === null) {
        const older = await sizeOf(join(own, "libdnnl.so.2")) !== null;
        throw wrong(
          own,
          older ? "a folder with oneDNN 2.x alone" : "a folder without it",
        );
      }
      path = inside;
    }
    // The name behind a link holds the version.
    if (/\.so\.[012](\.|$)/.test(await Deno.realPath(path))) {
      throw wrong(own, `version 2.x (${path})`);
    }
    if (!await isLibrary(path)) {
      throw wrong(own, "a file that is no library of Linux x64");
    }
    return path;
  } catch (cause) {
    if (cause instanceof DeviceError) throw cause;
    throw wrong(own, describeSystemFault(cause), cause);
  }
}

function wrong(own: string, found: string, cause?: unknown): DeviceError {
  return new DeviceError(
    cannot("use", "UNET_ONEDNN", own, {
      found,
      expected: "a libdnnl.so.3, or a folder with one",
      remedy: "unset it and get the library with " +
        "`installDevice onednn`",
    }),
    { cause },
  );
}

/** Whether a file starts as 64-bit libraries of x86 do. */
async function isLibrary(path: string): Promise<boolean> {
  using file = await Deno.open(path);
  const head = new Uint8Array(20);
  const read = await file.read(head);
  const elf64 = [0x7f, 0x45, 0x4c, 0x46, 2], machine = 62;
  return read === head.length && head[18] === machine &&
    elf64.every((byte, i) => head[i] === byte);
}

function firstFile(
  folders: readonly string[],
  name: string,
): Promise<string | null> {
  return firstOf(folders.map((folder) => join(folder, name)));
}

async function firstOf(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    if (await sizeOf(path) !== null) return path;
  }
  return null;
}

/** The size of a file; null if there is none. */
async function sizeOf(path: string): Promise<number | null> {
  const info = await infoOf(path);
  return info?.isFile ? info.size : null;
}
