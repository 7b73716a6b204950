import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { DeviceError } from "@unet/errors";
import { cacheFolder } from "@unet/files";
import { type Communicator, singleProcess } from "@unet/train/communicator";
import { checkLauncher } from "./_check_launcher.ts";
import { findMpi } from "./find_library.ts";
import { mpiInstaller } from "./mpi_installer.ts";
import { launchedRanks } from "./launched_ranks.ts";
import { openMpi } from "./open_mpi.ts";
import { threadsPerRank } from "./threads_per_rank.ts";

/** What `unet install mpi` installed: a launcher and its library, if it did. */
async function installedMpi(): Promise<string[][]> {
  const folder = cacheFolder("libraries", mpiInstaller.folder);
  if (!await mpiInstaller.isComplete(folder)) return [];
  return [[join(folder, "bin/mpiexec"), join(folder, "lib/libmpi_abi.so.1")]];
}

/**
 * What to test with, as in "/usr/bin/mpiexec=/usr/lib/libmpi.so.40": a launcher
 * and its library; several are separated by colons.
 */
const named = (Deno.env.get("UNET_MPI_TESTS") ?? "").split(":")
  .filter((each) => each !== "").map((each) => each.split("="));
const installations = named.length > 0 ? named : await installedMpi();

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
      assert(result.isOneMachine);
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
  name:
    "MPI is tried only where unet install mpi has been run, or UNET_MPI_TESTS names installations of it",
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

Deno.test("openMpi() refuses variables of another job before MPICH prints lines of its own", () => {
  const check = (
    variables: Record<string, string>,
    version = "MPICH Version: 5.0.2\nMPICH configure: --with-pm=hydra",
  ) =>
    checkLauncher("libmpi_abi.so.1", version, {
      read: (name) => variables[name],
    });
  for (const descriptor of ["x", "-1", "", "4095"]) {
    const error = assertThrows(
      () => check({ PMI_SIZE: "2", PMI_FD: descriptor }),
      DeviceError,
    );
    assertEquals(
      error.message,
      'Cannot begin MPI with "libmpi_abi.so.1": found no launcher at ' +
        `PMI_FD=${descriptor}, which another job left; unset PMI_FD, ` +
        "PMI_RANK and PMI_SIZE, or start the ranks by mpiexec",
    );
  }
  check({ PMI_SIZE: "2" });
  check({ PMI_SIZE: "2", PMI_FD: "4095" }, "Open MPI v4.1.4, package: …");
});

Deno.test({
  name:
    "openMpi() takes a socket that was handed over for a launcher's, and none that the program opened",
  ignore: Deno.build.os !== "linux",
  fn: () => {
    const libc = Deno.dlopen("libc.so.6", {
      socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
      epoll_create1: { parameters: ["i32"], result: "i32" },
      close: { parameters: ["i32"], result: "i32" },
    });
    const { socket, epoll_create1, close } = libc.symbols;
    const [unix, stream, closeOnExec] = [1, 1, 0o2000000];
    const handed = socket(unix, stream, 0);
    const own = socket(unix, stream | closeOnExec, 0);
    const queue = epoll_create1(0);
    const check = (descriptor: number) =>
      checkLauncher("libmpi.so.12", "MPICH Version: 4.0.2", {
        read: (name) => name === "PMI_FD" ? String(descriptor) : undefined,
      });
    check(handed);
    for (const other of [own, queue, 4095]) {
      assertThrows(() => check(other), DeviceError, "no launcher at PMI_FD");
    }
    for (const each of [handed, own, queue]) close(each);
    libc.close();
  },
});

Deno.test("openMpi() refuses PMIx for an MPICH that was built without it", () => {
  const check = (version: string, PMI_FD?: string) => {
    const variables: Record<string, string | undefined> = {
      ...{ PMIX_NAMESPACE: "slurm.pmix.1.0", PMI_FD },
    };
    checkLauncher("libmpi.so.12", version, {
      read: (name) => variables[name],
      isHandedOver: () => true,
    });
  };
  const old = "MPICH Version: 4.0.2\nMPICH configure: --with-pm=hydra";
  const later = old.replace("4.0.2", "5.0.2");
  const words = "give srun --mpi=pmi2";
  assertThrows(() => check(old), DeviceError, words);
  assertThrows(() => check(later), DeviceError, words);
  assertThrows(() => check(later, "9"), DeviceError, words);
  check(old, "9");
  check(`${later} --with-pmix=/usr`);
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

/** Two ranks, of which this process is one and the other has these cores. */
function besides(
  host: string,
  cores: readonly number[] | null,
): Communicator {
  const other = new TextEncoder().encode(
    JSON.stringify({ host, cores, count: cores?.length ?? 64 }),
  );
  return {
    ...{ ...singleProcess, size: 2 },
    gather: (own) => Promise.resolve([own, other]),
  };
}

Deno.test({
  name:
    "threadsPerRank() divides cores among the ranks of a machine that share them",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const all = navigator.hardwareConcurrency;
    const shared = Array.from({ length: 1024 }, (_, core) => core);
    const of = (host: string, cores: number[] | null) =>
      threadsPerRank(besides(host, cores), "node1");
    assertEquals(await of("node1", shared), Math.max(1, all >> 1));
    assertEquals(await of("node1", null), Math.max(1, all >> 1));
    // A launcher that bound the other rank elsewhere leaves this one its cores.
    assertEquals(await of("node1", [5000]), all);
    assertEquals(await of("node2", shared), all);
  },
});

Deno.test({
  name: "threadsPerRank() counts the cores that a process was bound to",
  ignore: Deno.build.os !== "linux" || navigator.hardwareConcurrency < 2,
  fn: async () => {
    const program = `import { threadsPerRank } from "${new URL(
      "threads_per_rank.ts",
      import.meta.url,
    )}";
      const own = { cores: null };
      const gather = (bytes) => {
        Object.assign(own, JSON.parse(new TextDecoder().decode(bytes)));
        return Promise.resolve([bytes, bytes]);
      };
      const threads = await threadsPerRank({ gather }, "node1");
      console.log(JSON.stringify([own.cores, threads]));`;
    const path = await Deno.makeTempFile({ dir: ".", suffix: ".js" });
    await Deno.writeTextFile(path, program);
    const { stdout } = await new Deno.Command("taskset", {
      args: ["-c", "1", Deno.execPath(), "run", "-q", "--allow-ffi", path],
    }).output();
    await Deno.remove(path);
    assertEquals(JSON.parse(new TextDecoder().decode(stdout)), [[1], 1]);
  },
});
