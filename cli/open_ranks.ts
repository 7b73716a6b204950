import { cannot, DeviceError } from "@unet/errors";
import {
  findMpi,
  launchedRanks,
  type MpiCommunicator,
  openMpi,
  readVariable,
  threadsPerRank,
} from "@unet/mpi";

/** The ranks of a job, and how many threads each computes with. */
export interface Ranks {
  readonly communicator: MpiCommunicator;
  readonly threads: number;
}

/**
 * Connects this process with the others that `mpiexec` started; without it
 * nothing is loaded.
 *
 * @returns The ranks; null for a process alone.
 * @throws {DeviceError} If there is no MPI, or not the launcher's.
 */
export async function openRanks(): Promise<Ranks | null> {
  const launch = launchedRanks();
  if (launch === null) return null;
  const path = await findMpi(), limit = readVariable("UNET_MPI_LIMIT");
  const communicator = openMpi({
    path,
    ...(limit && { limit: secondsOf(limit) }),
  });
  if (communicator.size !== launch.size) {
    throw new DeviceError(
      cannot("train on", "ranks of", launch.launcher, {
        found: `${communicator.size} in ${communicator.version} (${path})`,
        expected: `${launch.size}, as it started`,
        remedy:
          "set UNET_MPI to the library that it belongs to, for srun give " +
          "--mpi=pmi2 or --mpi=pmix, or set UNET_MPI=off if they train separately",
      }),
    );
  }
  const threads = await threadsPerRank(communicator, communicator.host);
  // Read when the device's library is loaded; what a person set stays.
  if (readVariable("OMP_NUM_THREADS") === undefined) {
    Deno.env.set("OMP_NUM_THREADS", String(threads));
  }
  return { communicator, threads };
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (seconds > 0) return seconds;
  throw new DeviceError(
    cannot("use", "UNET_MPI_LIMIT", text, {
      found: "no number of seconds",
      expected: "one above 0",
    }),
  );
}
