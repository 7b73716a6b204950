import type { Wheel } from "@unet/native";

/** Its folder among the libraries in the cache. */
export const mpiFolder = "mpich-5.0.2";

const own = "mpich-5.0.2.data/data/";

/** pip's build of MPICH 5, with MPI 5's ABI. */
export const mpiWheel: Wheel = {
  requirement: "mpich==5.0.2",
  sha256: "8fed465ebff269ea2ebac179a25de02671ddf8df476e0f115be089015015cfd4",
  bytes: 13_282_595,
  library: "lib/libmpi_abi.so.1",
  libraryBytes: 12_796_721,
  librarySha256:
    "42918a6749a42355dee5388281a94c37303832f9e11bc138709fb5e7622529fa",
  entries: {
    [`${own}bin/mpiexec`]: "bin/mpiexec",
    [`${own}bin/hydra_pmi_proxy`]: "bin/hydra_pmi_proxy",
    [`${own}lib/libmpi_abi.so.1`]: "lib/libmpi_abi.so.1",
    [`${own}lib/mpich/`]: "lib/mpich/",
    "mpich-5.0.2.dist-info/licenses/": "licenses/",
  },
};
