/**
 * The only list of signatures of MPI's C functions. Handles are 64-bit numbers
 * here: a library with handles of 32 bits (MPICH's own) reads the lower half.
 */
export const mpiSymbols = {
  MPI_Get_library_version: {
    parameters: ["buffer", "buffer"],
    result: "i32",
  },
  MPI_Init_thread: {
    parameters: ["pointer", "pointer", "i32", "buffer"],
    result: "i32",
  },
  MPI_Finalize: { parameters: [], result: "i32" },
  MPI_Abort: { parameters: ["u64", "i32"], result: "i32" },
  MPI_Comm_rank: { parameters: ["u64", "buffer"], result: "i32" },
  MPI_Comm_size: { parameters: ["u64", "buffer"], result: "i32" },
  MPI_Comm_set_errhandler: { parameters: ["u64", "u64"], result: "i32" },
  MPI_Error_string: {
    parameters: ["i32", "buffer", "buffer"],
    result: "i32",
  },
  /** What is sent, received, count, type, operation, communicator, request. */
  MPI_Iallreduce: {
    parameters: ["u64", "buffer", "i32", "u64", "u64", "u64", "buffer"],
    result: "i32",
  },
  MPI_Ibcast: {
    parameters: ["buffer", "i32", "u64", "i32", "u64", "buffer"],
    result: "i32",
  },
  /** What is sent, count, type, received, count, type, communicator, request. */
  MPI_Iallgather: {
    parameters: [
      ...["buffer", "i32", "u64"] as const,
      ...["buffer", "i32", "u64", "u64", "buffer"] as const,
    ],
    result: "i32",
  },
  MPI_Ibarrier: { parameters: ["u64", "buffer"], result: "i32" },
  /** Request, flag, status. */
  MPI_Test: { parameters: ["buffer", "buffer", "buffer"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

/** MPI's functions, open. */
export type MpiSymbols = Deno.DynamicLibrary<typeof mpiSymbols>["symbols"];
