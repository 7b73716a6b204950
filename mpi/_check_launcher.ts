import { briefText, cannot, DeviceError } from "@unet/errors";
import { isInheritedSocket } from "./_libc.ts";
import { readVariable } from "./launched_ranks.ts";

/** What {@linkcode checkLauncher} goes by; the process's own by default. */
export interface LauncherTraces {
  /** Reads a variable of the environment. */
  readonly read?: (name: string) => string | undefined;
  /** Whether a launcher handed this process a socket with that number. */
  readonly isHandedOver?: (descriptor: number) => boolean;
}

/**
 * Looks for a launcher before MPICH does, which prints lines of its own and ends
 * the process where it does not find one: variables of another job that have
 * stayed, or an `srun` that speaks PMIx with an MPICH that does not.
 *
 * @param path The library, for messages.
 * @param version What the library says of itself, all of it.
 * @throws {DeviceError} If MPICH could not begin.
 */
export function checkLauncher(
  path: string,
  version: string,
  { read = readVariable, isHandedOver = isInheritedSocket }: LauncherTraces =
    {},
): void {
  const [, major] = /^MPICH version:\s*(\d+)/i.exec(version) ?? [];
  if (major === undefined) return;
  const descriptor = read("PMI_FD");
  const refused = (found: string, remedy: string): DeviceError =>
    new DeviceError(cannot("begin", "MPI with", path, { found, remedy }));
  if (
    descriptor !== undefined &&
    !(/^\d+$/.test(descriptor) && isHandedOver(Number(descriptor)))
  ) {
    throw refused(
      `no launcher at PMI_FD=${briefText(descriptor)}, which another job left`,
      "unset PMI_FD, PMI_RANK and PMI_SIZE, or start the ranks by mpiexec",
    );
  }
  // MPICH 5 refuses the variables of both, MPICH 4 takes its own.
  const isConfused = descriptor === undefined || Number(major) >= 5;
  if (read("PMIX_NAMESPACE") && isConfused && !/pmix/i.test(version)) {
    throw refused(
      "ranks started with PMIx, which this library was built without",
      "give srun --mpi=pmi2, or unset PMIX_NAMESPACE for mpiexec",
    );
  }
}
