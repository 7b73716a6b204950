/**
 * How to install MPICH, a library of MPI and its `mpiexec`. It loads nothing.
 *
 * @module
 */
import { join } from "@std/path";
import {
  fetchWheel,
  findPip,
  isUnpacked,
  type LibraryInstaller,
} from "@unet/native";
import { mpiFolder, mpiWheel as wheel } from "./_wheel.ts";

/** The folders of those files. */
const folders = [
  ...["bin", "licenses", "lib/mpich/libfabric", "lib/mpich/ucx"],
];

/**
 * Installs MPICH from pip's package `mpich`, for `installLibrary()` of
 * `@unet/native`.
 *
 * @example
 * ```ts
 * import { mpiInstaller } from "@unet/mpi/mpi-installer";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(mpiInstaller.title, "MPICH 5.0.2");
 * ```
 */
export const mpiInstaller: LibraryInstaller = {
  kind: "library",
  name: "mpi",
  title: "MPICH 5.0.2",
  bytes: wheel.bytes,
  folder: mpiFolder,
  // Another MPI on the machine is no reason not to install this one.
  isFound: () => Promise.resolve(false),
  isComplete: (folder) => isUnpacked(wheel, folder),
  async obstacle() {
    if (Deno.build.target !== "x86_64-unknown-linux-gnu") {
      return `${Deno.build.target}, for which this version knows no MPICH; ` +
        "install MPI by other means, and set UNET_MPI to its library";
    }
    const pip = await findPip();
    return "reason" in pip ? pip.reason : null;
  },
  async fill(folder, steps) {
    for (const each of folders) {
      await Deno.mkdir(join(folder, each), { recursive: true });
    }
    await fetchWheel(wheel, folder, { ...steps, subject: mpiInstaller });
    for (const program of ["mpiexec", "hydra_pmi_proxy"]) {
      await Deno.chmod(join(folder, "bin", program), 0o755);
    }
  },
};
