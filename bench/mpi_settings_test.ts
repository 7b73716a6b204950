import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "@unet/errors";
import { readMpiSettings } from "./mpi_settings.ts";

Deno.test("readMpiSettings() wants a launcher, and fills in the rest", () => {
  assertThrows(() => readMpiSettings([]), UsageError, "--mpiexec PATH");
  assertEquals(
    readMpiSettings(["--mpiexec", "mpiexec", "--width", "0.25,1"]),
    {
      ...{ mpiexec: "mpiexec", ranks: 2, batch: 16, widths: [0.25, 1] },
      ...{ size: 256, device: "onednn", loss: "bce", steps: 4, rounds: 3 },
      ...{ torch: null, json: false },
    },
  );
});

Deno.test("readMpiSettings() refuses a batch that ranks cannot share equally, and words for a width", () => {
  const read = (...flags: string[]) =>
    readMpiSettings(["--mpiexec", "mpiexec", ...flags]);
  assertThrows(
    () => read("--ranks", "3"),
    UsageError,
    "found 16 for 3 ranks, expected a multiple of the number of ranks",
  );
  for (const width of ["0", "2", "x", "0.25,"]) {
    assertThrows(() => read("--width", width), UsageError, "--width");
  }
});
