import { briefText, cannot, DeviceError } from "@unet/errors";

/**
 * How many processes the launcher of jobs started together with this one, as
 * variables of the environment say it: those of hydra (MPICH's and Intel's
 * mpiexec), of Open MPI, and of SLURM's srun.
 */
const launchers: Readonly<Record<string, string>> = {
  PMI_SIZE: "mpiexec",
  OMPI_COMM_WORLD_SIZE: "mpiexec of Open MPI",
  SLURM_STEP_NUM_TASKS: "srun",
};

/** The launcher that started this process with others. */
export interface Launch {
  /** What it is, as in "mpiexec". */
  readonly launcher: string;
  /** How many processes it started. */
  readonly size: number;
}

/**
 * Whether this process was started together with others, to work as ranks. MPI
 * itself is not asked, so that nothing is loaded where it was not. With
 * `UNET_MPI=off`, processes of one job work each for themselves.
 *
 * @param read Reads a variable; that of the environment by default, where the
 * program may.
 * @returns What started it; null for a process alone.
 * @throws {DeviceError} If a variable holds no number of processes.
 *
 * @example
 * ```ts
 * import { launchedRanks } from "@unet/mpi";
 * import { assertEquals } from "@std/assert";
 *
 * const environment: Record<string, string> = { PMI_SIZE: "4" };
 * assertEquals(launchedRanks((name) => environment[name]), {
 *   launcher: "mpiexec",
 *   size: 4,
 * });
 * assertEquals(launchedRanks(() => undefined), null);
 * ```
 */
export function launchedRanks(
  read: (name: string) => string | undefined = readVariable,
): Launch | null {
  if (read("UNET_MPI") === "off") return null;
  for (const [name, launcher] of Object.entries(launchers)) {
    const text = read(name);
    if (!text) continue;
    const size = sizeOf(name, text);
    if (size > 1) return { launcher, size };
  }
  return null;
}

function sizeOf(name: string, text: string): number {
  const size = Number(text);
  if (Number.isSafeInteger(size) && size > 0) return size;
  throw new DeviceError(
    cannot("use", name, briefText(text), {
      found: "no number of processes",
      expected: "an integer from 1",
      remedy: "unset it, or set UNET_MPI=off if the process trains alone",
    }),
  );
}

/** A variable of the environment; undefined where it may not be read. */
export function readVariable(name: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  return state === "granted" ? Deno.env.get(name) : undefined;
}
