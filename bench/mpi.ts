/**
 * Times a training on ranks of one machine beside one process with as many
 * threads, and PyTorch likewise, at the same whole batch, by turns in one run:
 *
 *   UNET_MPI=/path/to/lib deno task bench mpi --mpiexec /path/to/bin/mpiexec
 */
// deno-lint-ignore-file no-console
import { fromFileUrl } from "@std/path";
import { findMpi } from "@unet/mpi";
import { medianOf } from "./median_of.ts";
import { type MpiSettings, readMpiSettings } from "./mpi_settings.ts";
import type { RankRequest, RankTimes, StepTimes } from "./measure_ranks.ts";
import { checkPython, findPeerPython, noPeers } from "./peer_python.ts";
import { runProcess } from "./run_process.ts";

/** One way to train, measured. */
interface Way {
  readonly name: string;
  readonly seconds: number[];
  readonly processor: number[];
}

/** Measures, and prints a line per width and way. */
export async function benchMpi(args: readonly string[]): Promise<void> {
  const settings = readMpiSettings(args), library = await findMpi();
  const python = await torchPython(settings);
  for (const width of settings.widths) {
    const { device, batch, size, loss, steps } = settings;
    const request = { library, width, device, batch, size, loss, steps };
    const ways = new Map<string, Way>(), sums: number[] = [];
    const take = (name: string, { seconds, processor }: StepTimes): void => {
      const way = ways.get(name) ?? { name, seconds: [], processor: [] };
      way.seconds.push(...seconds);
      way.processor.push(...processor);
      ways.set(name, way);
    };
    for (let round = 0; round < settings.rounds; round++) {
      const [alone, together] = await measureOurs(request, settings);
      take(`1 rank, ${settings.ranks} threads`, joined(alone));
      const ranks = `${settings.ranks} ranks`;
      take(`${ranks}, sums beside backward`, together.overlapped);
      take(`${ranks}, sums after backward`, together.after);
      sums.push(...together.sums);
      if (python === null) continue;
      const torch = await measureTorch(python, request, settings);
      take(`PyTorch, ${settings.ranks} threads`, torch.alone);
      take(`PyTorch, torchrun, ${ranks} (Gloo)`, torch.together);
    }
    if (settings.json) {
      console.log(JSON.stringify({ request, ways: [...ways.values()], sums }));
    } else print(request, [...ways.values()], sums);
  }
}

/** One process and ranks, each with as many threads together. */
async function measureOurs(
  request: RankRequest,
  { mpiexec, ranks }: MpiSettings,
): Promise<[RankTimes, RankTimes]> {
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
    const command = [executable, ...rest] as const;
    return await runProcess("measure_ranks.ts", command, threads) as RankTimes;
  };
  const unbound = request.library?.endsWith(".40") ? ["--bind-to", "none"] : [];
  return [
    await run([], { ...request, library: null }, ranks),
    await run([mpiexec, ...unbound, "-n", String(ranks)], request, 1),
  ];
}

async function measureTorch(
  python: string,
  request: RankRequest,
  { ranks }: MpiSettings,
): Promise<{ alone: StepTimes; together: StepTimes }> {
  const script = fromFileUrl(new URL("mpi_peer.py", import.meta.url));
  const text = JSON.stringify(request);
  const torchrun = [
    ...["-m", "torch.distributed.run", "--standalone"],
    ...["--nproc-per-node", String(ranks)],
  ];
  const run = async (args: string[], threads: number): Promise<StepTimes> =>
    await runProcess(
      "mpi_peer.py",
      [python, ...args, script, text],
      threads,
    ) as StepTimes;
  return { alone: await run([], ranks), together: await run(torchrun, 1) };
}

/** The interpreter of PyTorch; null if it is not to run, or may be missing. */
async function torchPython({ torch }: MpiSettings): Promise<string | null> {
  if (torch === false) return null;
  const python = await findPeerPython();
  if (python !== null) await checkPython(python, "torch");
  else if (torch) throw noPeers("Python", "no environment of peers");
  else console.error("Left out: PyTorch: deno task bench:peers installs it");
  return python;
}

/** A process alone sums nothing: both its ways are one. */
function joined({ overlapped, after }: RankTimes): StepTimes {
  return {
    seconds: [...overlapped.seconds, ...after.seconds],
    processor: [...overlapped.processor, ...after.processor],
  };
}

function print(
  { width, batch }: RankRequest,
  ways: readonly Way[],
  sums: readonly number[],
): void {
  const first = medianOf(ways[0]!.seconds);
  for (const { name, seconds, processor } of ways) {
    const own = medianOf(seconds);
    console.log(
      `width ${width}  ${name.padEnd(34)} ${(batch / own).toFixed(2)} ` +
        `images/s  ${(first / own).toFixed(3)}  ` +
        `${medianOf(processor).toFixed(2)} processor s/step`,
    );
  }
  console.log(
    `width ${width}  a sum of the gradient alone: ` +
      `${(1000 * medianOf(sums)).toFixed(1)} ms`,
  );
}
