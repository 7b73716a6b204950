/**
 * Connects processes that `mpiexec` started, so that they train one network
 * together: MPI behind the `Communicator` of `@unet/train`.
 *
 * @example
 * ```ts
 * import { findMpi, launchedRanks, openMpi } from "@unet/mpi";
 *
 * if (launchedRanks() !== null) {
 *   const communicator = openMpi({ path: await findMpi() });
 *   const values = new Float32Array([communicator.rank]);
 *   await communicator.sum(values);
 *   communicator.close();
 * }
 * ```
 *
 * @module
 */
export * from "./find_library.ts";
export * from "./launched_ranks.ts";
export * from "./open_mpi.ts";
export * from "./threads_per_rank.ts";
