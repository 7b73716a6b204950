/**
 * How to install OpenSlide, the library that reads slides. It loads nothing.
 *
 * @module
 */
import {
  fetchWheel,
  findPip,
  isUnpacked,
  type LibraryInstaller,
} from "@unet/native";
import { findOpenslide } from "./find_openslide.ts";
import { openslideVersion, openslideWheel } from "./openslide_wheel.ts";

const wheel = openslideWheel();

/**
 * Installs OpenSlide from pip's package `openslide-bin`, for `installLibrary()`
 * of `@unet/native`.
 *
 * @example
 * ```ts
 * import { openslideInstaller } from "@unet/data/openslide-installer";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(openslideInstaller.title, "OpenSlide 4.0.1");
 * ```
 */
export const openslideInstaller: LibraryInstaller = {
  kind: "library",
  name: "openslide",
  title: `OpenSlide ${openslideVersion}`,
  bytes: wheel?.bytes ?? 0,
  folder: `openslide-${openslideVersion}`,
  isFound: async () => "path" in await findOpenslide(),
  isComplete: async (folder) =>
    wheel !== undefined && await isUnpacked(wheel, folder),
  async obstacle() {
    if (!wheel) {
      return `${Deno.build.target}, for which pip has no OpenSlide; install ` +
        "OpenSlide 4 by other means, and set UNET_OPENSLIDE to its library";
    }
    const pip = await findPip();
    return "reason" in pip ? pip.reason : null;
  },
  async fill(folder, steps) {
    // Without a package there is an obstacle, and no call.
    await fetchWheel(wheel!, folder, { ...steps, subject: openslideInstaller });
  },
};
