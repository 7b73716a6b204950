/** A training on two ranks, as `mpiexec` starts it. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
} from "@std/assert";
import { cacheFolder } from "@unet/files";
import { createRandom } from "@unet/random";
import { tryDevice } from "../try_device.ts";
import { findInstalledMpi } from "./_installed_mpi.ts";
import { contentOf } from "./_run_content.ts";
import {
  assertDone,
  createPlace,
  done,
  type Ended,
  faultOf,
  type Place,
  type RunOptions,
  until,
} from "./_unet.ts";

const mpi = await findInstalledMpi();
const skipped = typeof mpi === "string" ? ` (skipped: ${mpi})` : "";
const onednn = await tryDevice("onednn");
if (typeof onednn !== "string") await onednn.close();
let place: Place;

Deno.test.beforeAll(async () => {
  place = await createPlace();
  assertDone(
    await place.unet(["synth", "drawn", "--count", "12", "--size", "64"]),
  );
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

/** A test that needs MPI. */
function testRanks(name: string, fn: () => Promise<void>): void {
  const ignore = typeof mpi === "string";
  Deno.test({ name: name + skipped, ignore, fn });
}

function start(out: string, device: string, epochs = 2): string[] {
  return [
    ...["train", "--data", "drawn", "--out", out, "--tile", "64"],
    ...["--width", "0.1", "--epochs", String(epochs), "--batch", "4"],
    ...["--lr", "0.005", "--scheduler", "constant", "--device", device],
    ...["--batch-norm", "off"],
  ];
}

/** Leaves the number of its process in a file, and becomes the program. */
const rankScript =
  'echo $$ > "pid.${PMI_RANK:-$OMPI_COMM_WORLD_RANK}"; exec "$@"';

/** Runs a command on two ranks. */
async function onRanks(
  args: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  if (typeof mpi === "string") throw new Error(mpi);
  const words = [mpi.mpiexec, ...mpi.flags, "-n", "2"];
  return await place.unet(args, {
    shell: `exec ${words.join(" ")} sh -c '${rankScript}' rank "$@"`,
    ...options,
    // The library of oneDNN is in the person's cache, not in the test's.
    env: { UNET_MPI: mpi.library, UNET_CACHE: cacheFolder(), ...options.env },
  });
}

/** Rows of a run's metrics, by column. */
function rowsOf(run: string): Record<string, number>[] {
  const text = Deno.readTextFileSync(place.at(run, "metrics.csv"));
  const [header = "", ...lines] = text.trim().split("\n");
  const names = header.split(",");
  return lines.map((line) =>
    Object.fromEntries(
      line.split(",").map((value, i) => [names[i]!, Number(value)]),
    )
  );
}

for (const [device, tolerance] of [["wasm", 1e-5], ["onednn", 1e-4]] as const) {
  if (device === "onednn" && typeof onednn === "string") continue;
  testRanks(
    `mpiexec -n 2 unet train on ${device} makes the losses that one process makes`,
    async () => {
      const env = { UNET_CACHE: cacheFolder() };
      await done(place.unet(start(`one-${device}`, device), { env }));
      const { stdout } = await done(onRanks(start(`two-${device}`, device)));
      assert(/^Ranks: 2 by (MPICH|Open MPI)/m.test(stdout), stdout);
      assertEquals(stdout.match(/^Run: /gm)?.length, 1);
      assert(
        stdout.includes(
          "after the backward pass (all ranks share one machine)",
        ),
        stdout,
      );
      const rows = rowsOf(`two-${device}`), expected = rowsOf(`one-${device}`);
      assertEquals(rows.length, expected.length);
      for (const [i, row] of rows.entries()) {
        for (const name of ["loss", "validationLoss"]) {
          const wanted = expected[i]![name]!;
          assert(wanted > 0, name);
          assertAlmostEquals(row[name]!, wanted, tolerance * wanted, name);
        }
      }
    },
  );
}

testRanks(
  "a training on two ranks that SIGTERM ends is saved, and one process continues it",
  async () => {
    const ended = await onRanks(start("ended", "wasm", 30), {
      whileRunning: async (child) => {
        const state = place.at("ended", "last", "state.json");
        const exists = () => {
          try {
            return Deno.statSync(state).isFile;
          } catch {
            return false;
          }
        };
        assert(await until(child, exists));
        child.kill("SIGTERM");
      },
    });
    assert(ended.code !== 0, ended.stdout);
    const before = rowsOf("ended").length;
    assert(before >= 1 && before < 30, String(before));
    await done(place.unet(["train", "--resume", "ended", "--epochs", "31"]));
    assertEquals(rowsOf("ended").length, 31);
  },
);

/** Bytes of a run's last weights, and its rows without seconds. */
function endOf(run: string): readonly string[] {
  const content = contentOf(place.at(run));
  return ["last/model.safetensors", "metrics.csv"].map((name) =>
    content[name]!
  );
}

testRanks(
  "a training of which either rank is killed ends at once, and two ranks continue it as if nothing had happened",
  async () => {
    const arguments_ = (out: string) => [
      ...start(out, "wasm", 3),
      ...["--save-every", "1"],
    ];
    await done(onRanks(arguments_("whole")));
    const random = createRandom(11), state = place.at("torn/last/state.json");
    const read = () => {
      try {
        return Deno.readTextFileSync(state);
      } catch {
        return "";
      }
    };
    for (const rank of [1, 0]) {
      const before = read();
      const args = before === ""
        ? arguments_("torn")
        : ["train", "--resume", "torn"];
      const ended = await onRanks(args, {
        whileRunning: async (child) => {
          assert(await until(child, () => read() !== before));
          await new Promise((resolve) =>
            setTimeout(resolve, 100 * random.next())
          );
          const process = Deno.readTextFileSync(place.at(`pid.${rank}`));
          Deno.kill(Number(process), "SIGKILL");
        },
      });
      assertNotEquals(ended.code, 0);
    }
    await done(onRanks(["train", "--resume", "torn"]));
    assertEquals(endOf("torn"), endOf("whole"));
  },
);

testRanks(
  "variables that another job left are refused in one line, before MPI prints its own",
  async () => {
    if (typeof mpi === "string" || mpi.library.endsWith(".40")) return;
    const ended = await place.unet(start("stale", "wasm"), {
      env: {
        ...{ UNET_MPI: mpi.library, PMI_FD: "4095" },
        ...{ PMI_SIZE: "2", PMI_RANK: "0" },
      },
    });
    assert(faultOf(ended).includes("found no launcher at PMI_FD=4095"));
    assertEquals(ended.stderr.trim().split("\n").length, 1);
  },
);
