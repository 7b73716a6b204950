import { join, resolve } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { describeSystemFault, infoOf } from "@unet/files";
import { isUnpacked, libraryFolder } from "@unet/native";
import { openslideVersion, openslideWheel } from "./openslide_wheel.ts";

/** Where OpenSlide's library is, or why it is not found. */
export type FoundOpenslide =
  | { readonly path: string }
  | { readonly reason: string };

/** How to get the library. */
export const openslideRemedy: string = "get it with `installLibrary openslide`";

/** What the library's file is called on each system. */
const names: Readonly<Record<string, string>> = {
  darwin: "libopenslide.1.dylib",
  windows: "libopenslide-1.dll",
};

/**
 * Looks for OpenSlide's library: where `UNET_OPENSLIDE` says (a file, or the
 * folder with it), else in the user's cache. The cached one is compared with
 * its checksum, once per change of the file; one that a person names is theirs.
 * Nothing is loaded.
 *
 * @throws {FileError} If `UNET_OPENSLIDE` is set and there is no such library:
 * no other is taken in its place.
 */
export async function findOpenslide(): Promise<FoundOpenslide> {
  try {
    const own = Deno.env.get("UNET_OPENSLIDE");
    if (own) return { path: await ownLibrary(resolve(own)) };
    return await cachedLibrary();
  } catch (cause) {
    // A program that may not read the environment or files has no library.
    if (cause instanceof Deno.errors.NotCapable) {
      return { reason: describeSystemFault(cause) };
    }
    throw cause;
  }
}

async function cachedLibrary(): Promise<FoundOpenslide> {
  const wheel = openslideWheel();
  const none = `no OpenSlide library; ${openslideRemedy}`;
  if (!wheel) return { reason: none };
  const folder = libraryFolder({
    kind: "library",
    folder: `openslide-${openslideVersion}`,
  });
  const path = join(folder, wheel.library);
  if (!(await infoOf(path))?.isFile) return { reason: none };
  if (await isUnpacked(wheel, folder)) return { path };
  return {
    reason: `another library (${path}) than the one that was installed; ` +
      openslideRemedy,
  };
}

async function ownLibrary(own: string): Promise<string> {
  const info = await infoOf(own);
  if (info?.isFile) return own;
  const path = join(own, names[Deno.build.os] ?? "libopenslide.so.1");
  if (info?.isDirectory && (await infoOf(path))?.isFile) return path;
  throw new FileError(cannot("use", "UNET_OPENSLIDE", own, {
    found: info ? "a folder without it" : "no such file or folder",
    expected: "OpenSlide's library, or the folder with it",
    remedy: `unset it and ${openslideRemedy}`,
  }));
}
