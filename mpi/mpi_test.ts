import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { DeviceError } from "@unet/errors";
import { findMpi } from "./find_library.ts";
import { launchedRanks } from "./launched_ranks.ts";
import { openMpi } from "./open_mpi.ts";
import { numbersOf } from "./threads_per_rank.ts";

/**
 * What to test with, as in "/usr/bin/mpiexec=/usr/lib/libmpi.so.40": a launcher
 * and its library; several are separated by colons.
 */
const installations = (Deno.env.get("UNET_MPI_TESTS") ?? "").split(":")
  .filter((each) => each !== "").map((each) => each.split("="));

const rank = fromFileUrl(new URL("fixtures/rank.ts", import.meta.url));

/** Makes the calls on so many ranks. */
async function runRanks(
  mpiexec: string,
  { size, library, mishap = "" }: {
    readonly size: number;
    readonly library: string;
    readonly mishap?: string;
  },
): Promise<{ code: number; lines: string[]; errors: string }> {
  const isOpenMpi = library.endsWith(".40");
  const { code, stdout, stderr } = await new Deno.Command(mpiexec, {
    args: [
      ...isOpenMpi ? ["--oversubscribe", "--bind-to", "none"] : [],
      ...["-n", String(size), Deno.execPath(), "run", "-q", "-A"],
      ...[rank, library, mishap],
    ],
    env: {
      OMPI_ALLOW_RUN_AS_ROOT: "1",
      OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: "1",
      PRTE_ALLOW_RUN_AS_ROOT: "1",
      PRTE_ALLOW_RUN_AS_ROOT_CONFIRM: "1",
    },
  }).output();
  const decoder = new TextDecoder();
  return {
    code,
    lines: decoder.decode(stdout).trim().split("\n"),
    errors: decoder.decode(stderr),
  };
}

for (const [mpiexec = "", library = ""] of installations) {
  Deno.test(`three ranks sum, broadcast and gather by ${library}`, async () => {
    const { code, lines } = await runRanks(mpiexec, { size: 3, library });
    assertEquals(code, 0);
    const results = lines.map((line) => JSON.parse(line));
    assertEquals(results.map(({ rank }) => rank).sort(), [0, 1, 2]);
    for (const result of results) {
      assertEquals(result.size, 3);
      assertEquals(result.floats, [6, 6]);
      assertEquals(result.doubles[0], 3 * 2 ** 40 + 3);
      assertEquals(result.blocking, [4.5]);
      assertEquals(result.first, [7]);
      assertEquals(result.bytes, [[], [1], [2, 2]]);
    }
  });

  Deno.test(`ranks end with one line when one hangs, by ${library}`, async () => {
    const { code, errors } = await runRanks(mpiexec, {
      ...{ size: 2, library, mishap: "hang" },
    });
    assert(code !== 0);
    const lines = errors.split("\n").filter((line) =>
      line.includes("Cannot make")
    );
    assertEquals(lines.length, 1);
    assert(/rank "0": found no answer of another rank for 3 s/.test(lines[0]!));
  });
}

Deno.test({
  name: "MPI is tried only where UNET_MPI_TESTS names installations of it",
  ignore: installations.length > 0,
  fn: () => {},
});

Deno.test("launchedRanks() finds ranks by what launchers set, and none in a process alone", () => {
  const of = (variables: Record<string, string>) =>
    launchedRanks((name) => variables[name])?.size ?? null;
  assertEquals(of({ PMI_SIZE: "2" }), 2);
  assertEquals(of({ OMPI_COMM_WORLD_SIZE: "3" }), 3);
  assertEquals(of({ SLURM_STEP_NUM_TASKS: "4" }), 4);
  assertEquals(of({}), null);
  assertEquals(of({ PMI_SIZE: "1", SLURM_STEP_NUM_TASKS: "" }), null);
  assertEquals(of({ PMI_SIZE: "2", UNET_MPI: "off" }), null);
});

Deno.test("launchedRanks() refuses a variable of a launcher that holds no number of processes", () => {
  const read = (variables: Record<string, string>) =>
    launchedRanks((name) => variables[name]);
  for (
    const name of ["PMI_SIZE", "OMPI_COMM_WORLD_SIZE", "SLURM_STEP_NUM_TASKS"]
  ) {
    for (const text of ["abc", "0", "-2", "1.5", "NaN", " ", "2(x3)"]) {
      const error = assertThrows(() => read({ [name]: text }), DeviceError);
      assertEquals(
        error.message,
        `Cannot use ${name} "${text}": found no number of processes, ` +
          "expected an integer from 1; unset it, or set UNET_MPI=off if the " +
          "process trains alone",
      );
      assertEquals(read({ [name]: text, UNET_MPI: "off" }), null);
    }
  }
  assertThrows(
    () => read({ PMI_SIZE: "1", SLURM_STEP_NUM_TASKS: "x" }),
    DeviceError,
    'SLURM_STEP_NUM_TASKS "x"',
  );
});

Deno.test("findMpi() takes a file or a folder that a person names, and no library of another mpiexec", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(join(folder, "lib"));
  const abi = join(folder, "lib/libmpi_abi.so.1");
  await Deno.writeTextFile(abi, "");
  assertEquals(await findMpi({ own: abi }), abi);
  assertEquals(await findMpi({ own: folder }), abi);
  const folders = [join(folder, "lib")];
  assertEquals(await findMpi({ own: "", isOpenMpi: false, folders }), abi);
  await assertRejects(
    () => findMpi({ own: "", isOpenMpi: true, folders }),
    DeviceError,
    'library of MPI "libmpi.so.40"',
  );
  await assertRejects(
    () => findMpi({ own: join(folder, "none") }),
    DeviceError,
    "no such file",
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("openMpi() refuses a file that is no library of MPI", async () => {
  const path = await Deno.makeTempFile();
  assertThrows(() => openMpi({ path }), DeviceError, "library of MPI");
  await Deno.remove(path);
});

Deno.test("numbersOf() reads a list of cores as Linux writes it", () => {
  assertEquals(numbersOf("0-3,8"), [0, 1, 2, 3, 8]);
  assertEquals(numbersOf("5"), [5]);
});
