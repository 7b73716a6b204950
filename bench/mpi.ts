/**
 * Times a training on ranks of one machine beside one process with as many
 * threads, at the same whole batch, in one run:
 *
 *   UNET_MPI=/path/to/lib deno task bench mpi --mpiexec /path/to/bin/mpiexec
 */
// deno-lint-ignore-file no-console
import { fromFileUrl } from "@std/path";
import { cannot, UsageError } from "@unet/errors";
import { findMpi } from "@unet/mpi";
import { medianOf } from "./median_of.ts";
import type { RankRequest, RankTimes } from "./measure_ranks.ts";
import { readFlags } from "./read_flags.ts";
import { runProcess } from "./run_process.ts";

/** Measures, and prints a line per width and way. */
export async function benchMpi(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, {
    switches: ["json"],
    values: [
      ...["mpiexec", "ranks", "width", "batch", "size", "device", "loss"],
      ...["steps", "rounds"],
    ],
  });
  const ranks = flags.count("ranks", 2), mpiexec = flags.text("mpiexec");
  if (mpiexec === undefined) {
    throw new UsageError(
      cannot("run", "benchmark", "mpi", {
        found: "no launcher",
        expected: "--mpiexec PATH, and its library in UNET_MPI",
      }),
    );
  }
  const library = await findMpi();
  for (const width of (flags.text("width") ?? "0.25").split(",").map(Number)) {
    const request: RankRequest = {
      ...{ library, width, device: flags.text("device") ?? "onednn" },
      batch: flags.count("batch", 16),
      size: flags.count("size", 256),
      loss: flags.choice("loss", ["bce", "bce+dice"]) ?? "bce",
      steps: flags.count("steps", 4),
      rounds: flags.count("rounds", 3),
    };
    const run = async (
      launcher: readonly string[],
      request: RankRequest,
      threads: number,
    ): Promise<RankTimes> => {
      const [executable = "", ...rest] = [
        ...[...launcher, Deno.execPath(), "run", "-q", "-P=bench"],
        fromFileUrl(new URL("measure_ranks.ts", import.meta.url)),
        JSON.stringify(request),
      ];
      return await runProcess(
        "measure_ranks.ts",
        [executable, ...rest],
        threads,
      ) as RankTimes;
    };
    const alone = await run([], { ...request, library: null }, ranks);
    const launcher = library.endsWith(".40")
      ? [mpiexec, "--bind-to", "none", "-n", String(ranks)]
      : [mpiexec, "-n", String(ranks)];
    const together = await run(launcher, request, 1);
    if (flags.on("json")) {
      console.log(JSON.stringify({ request, alone, together }));
      continue;
    }
    print(request, alone, together);
  }
}

function print(
  { width, batch }: RankRequest,
  alone: RankTimes,
  together: RankTimes,
): void {
  const rate = (seconds: readonly number[]): number =>
    batch / medianOf(seconds);
  const first = rate([...alone.overlapped, ...alone.after]);
  const { ranks } = together;
  const line = (name: string, own: number): void =>
    console.log(
      `width ${width}  ${name.padEnd(38)} ${own.toFixed(2)} images/s  ` +
        (own / first).toFixed(3),
    );
  line(`1 rank, ${ranks} threads`, first);
  line(`${ranks} ranks, sums beside backward`, rate(together.overlapped));
  line(`${ranks} ranks, sums after backward`, rate(together.after));
  console.log(
    `width ${width}  a sum of ${together.values} values alone: ` +
      `${(1000 * medianOf(together.sums)).toFixed(1)} ms`,
  );
}
