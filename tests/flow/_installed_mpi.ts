import { join } from "@std/path";
import { cacheFolder } from "@unet/files";
import { mpiInstaller } from "@unet/mpi/mpi-installer";

/** A launcher of ranks, and its library. */
export interface InstalledMpi {
  readonly mpiexec: string;
  readonly library: string;
  /** Arguments that it needs on a machine with few cores, before `-n`. */
  readonly flags: readonly string[];
}

/**
 * The MPI to test with: the first that UNET_MPI_TESTS names, else what
 * `unet install mpi` installed.
 *
 * @returns It, or why there is none.
 */
export async function findInstalledMpi(): Promise<InstalledMpi | string> {
  const [first = ""] = (Deno.env.get("UNET_MPI_TESTS") ?? "").split(":");
  const [mpiexec, library] = first.split("=");
  if (mpiexec && library) {
    const isOpenMpi = library.endsWith(".40");
    const flags = isOpenMpi
      ? ["--allow-run-as-root", "--oversubscribe", "--bind-to", "none"]
      : [];
    return { mpiexec, library, flags };
  }
  const folder = cacheFolder("libraries", mpiInstaller.folder);
  if (!await mpiInstaller.isComplete(folder)) {
    return "no MPI; unet install mpi installs one";
  }
  return {
    mpiexec: join(folder, "bin", "mpiexec"),
    library: join(folder, "lib", "libmpi_abi.so.1"),
    flags: [],
  };
}
