/** The handles that a library knows its constants by. */
export interface MpiHandles {
  /** All processes. */
  readonly world: bigint;
  readonly float: bigint;
  readonly double: bigint;
  readonly byte: bigint;
  readonly sum: bigint;
  /** In the place of what is sent: it is where the result goes. */
  readonly inPlace: bigint;
  /** Errors are returned, and end nothing. */
  readonly errorsReturn: bigint;
  /** The level of threads: calls are made by the thread that began MPI. */
  readonly threadFunneled: number;
}

/** The standard ABI of MPI 5 (MPI: A Message-Passing Interface Standard, 20). */
export const abiHandles: MpiHandles = {
  world: 0x101n,
  float: 0x210n,
  double: 0x214n,
  byte: 0x247n,
  sum: 0x21n,
  inPlace: 1n,
  errorsReturn: 0x143n,
  threadFunneled: 1024,
};

/** The ABI that MPICH has had since version 3.1, and Intel's and Cray's MPI. */
export const mpichHandles: MpiHandles = {
  world: 0x44000000n,
  float: 0x4c00040an,
  double: 0x4c00080bn,
  byte: 0x4c00010dn,
  sum: 0x58000003n,
  inPlace: 0xffff_ffff_ffff_ffffn,
  errorsReturn: 0x54000001n,
  threadFunneled: 1,
};

/** Open MPI's handles are the addresses of these objects of its library. */
export const openMpiObjects = {
  world: "ompi_mpi_comm_world",
  float: "ompi_mpi_float",
  double: "ompi_mpi_double",
  byte: "ompi_mpi_byte",
  sum: "ompi_mpi_op_sum",
  errorsReturn: "ompi_mpi_errors_return",
} as const;
