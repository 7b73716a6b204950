/**
 * The best values that samplers find on standard test functions, ours beside
 * Optuna's, in one run on one core:
 *
 *   deno task bench samplers [--seeds 30] [--trials 100] [--tasks A,B]
 *     [--peers optuna|none] [--json] [--out FILE]
 */
// deno-lint-ignore-file no-console
import { cannot, UsageError } from "@unet/errors";
import { writeFile } from "@unet/files";
import { createRandom } from "@unet/random";
import type { Study, Trial } from "@unet/tune";
import { randomSampler, type Sampler, tpeSampler } from "@unet/tune/sampling";
import { cpus } from "node:os";
import { OptunaPeer } from "./optuna_peer.ts";
import { checkPython, findPeerPython } from "./peer_python.ts";
import { rankSumSignificance } from "./rank_sum.ts";
import { readFlags } from "./read_flags.ts";
import { noisyValue, type SamplerTask, samplerTasks } from "./sampler_tasks.ts";

/** What studies of one sampler on one task came to. */
interface Outcome {
  /** The best value of each seed, sorted. */
  readonly best: readonly number[];
  /** Milliseconds that a trial's parameters take. */
  readonly milliseconds: number;
}

/** Both modes of TPE on one task, with random search as the floor. */
interface Row {
  readonly task: string;
  readonly mode: "multivariate" | "univariate";
  readonly random: Outcome;
  readonly ours: Outcome;
  readonly optuna: Outcome | null;
  /** Of the difference between ours and Optuna's. */
  readonly significance: number | null;
}

const modes = ["multivariate", "univariate"] as const;

/** Keeps the noise-free value of the trial whose noisy value was lowest. */
function tally(task: SamplerTask) {
  let least = Infinity, best = Infinity;
  return {
    add(params: Trial["params"], noisy: number): void {
      if (!(noisy < least)) return;
      least = noisy;
      best = task.valueOf(params);
    },
    best: () => best,
  };
}

function runOurs(
  sampler: Sampler,
  task: SamplerTask,
  seeds: number,
  count: number,
): Outcome {
  let milliseconds = 0;
  const best = Array.from({ length: seeds }, (_, seed) => {
    const trials: Trial[] = [];
    const study: Study = {
      id: 0,
      name: "benchmark",
      directions: ["minimize"],
      userAttributes: {},
      systemAttributes: {},
      trials,
    };
    const found = tally(task);
    for (let number = 0; number < count; number++) {
      const start = performance.now();
      const random = createRandom(seed, number);
      const { params } = sampler.sample(study, task.space, { random, number });
      milliseconds += performance.now() - start;
      const noisy = noisyValue(task, params, [seed, number]);
      found.add(params, noisy);
      trials.push({
        id: number,
        number,
        state: "complete",
        values: [noisy],
        params,
        distributions: task.space,
        intermediateValues: new Map(),
        userAttributes: {},
        systemAttributes: {},
        started: null,
        completed: null,
      });
    }
    return found.best();
  });
  return { best: sorted(best), milliseconds: milliseconds / seeds / count };
}

async function runPeer(
  peer: OptunaPeer,
  task: SamplerTask,
  seeds: number,
  count: number,
): Promise<Outcome> {
  const best: number[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    const found = tally(task);
    for (let number = 0; number < count; number++) {
      const params = await peer.ask();
      const noisy = noisyValue(task, params, [seed, number]);
      found.add(params, noisy);
      await peer.report(noisy);
    }
    best.push(found.best());
  }
  const milliseconds = 1000 * await peer.seconds() / seeds / count;
  return { best: sorted(best), milliseconds };
}

const sorted = (values: readonly number[]): number[] =>
  values.toSorted((a, b) => a - b);

function median({ best }: Outcome): number {
  const half = best.length >> 1;
  return best.length % 2 === 1
    ? best[half]!
    : (best[half - 1]! + best[half]!) / 2;
}

function chooseTasks(text: string | undefined): string[] {
  const names = text?.split(",") ?? Object.keys(samplerTasks);
  const unknown = names.find((name) => !Object.hasOwn(samplerTasks, name));
  if (unknown === undefined) return names;
  throw new UsageError(cannot("use", "task", unknown, {
    found: "no such task",
    expected: Object.keys(samplerTasks).join(", "),
  }));
}

function print({ task, mode, random, ours, optuna, significance }: Row): void {
  const cell = (value: number | null, digits: number): string =>
    (value === null ? "–" : value.toPrecision(digits)).padStart(11);
  console.log(
    `  ${task.padEnd(12)}${mode.padEnd(14)}${cell(median(random), 4)}` +
      cell(median(ours), 4) + cell(optuna && median(optuna), 4) +
      cell(significance, 2) + cell(ours.milliseconds, 2) +
      cell(optuna && optuna.milliseconds, 2),
  );
}

/**
 * Runs the benchmark and prints what it found.
 *
 * @param args The command line, after the benchmark's name.
 * @throws {UsageError} If a flag or its value is not allowed.
 * @throws {DeviceError} If the peer fails.
 */
export async function benchSamplers(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, {
    switches: ["json"],
    values: ["seeds", "trials", "tasks", "peers", "out"],
  });
  const seeds = flags.count("seeds", 30), trials = flags.count("trials", 100);
  const tasks = chooseTasks(flags.text("tasks"));
  const wanted = flags.choice("peers", ["optuna", "none"]);
  const python = wanted === "none" ? null : await findPeerPython();
  if (python !== null) await checkPython(python, "optuna");

  const studies = tasks.flatMap((task) =>
    modes.map((mode) => ({
      space: samplerTasks[task]!.space,
      seeds,
      trials,
      multivariate: mode === "multivariate",
    }))
  );
  await using peer = python === null
    ? null
    : await OptunaPeer.start(python, studies);
  const about = {
    date: new Date().toISOString(),
    machine: { cpu: cpus()[0]?.model, cores: cpus().length, os: Deno.build.os },
    versions: { deno: Deno.version.deno, ...peer?.versions },
    seeds,
    trials,
  };
  const isPlain = !flags.on("json");
  if (isPlain) {
    console.log(`${about.date}, ${about.machine.cpu}, one core`);
    console.log(
      Object.entries(about.versions).map((pair) => pair.join(" ")).join(", "),
    );
    console.log(
      `median of the best values after ${trials} trials, ${seeds} seeds\n`,
    );
    console.log(
      `  ${"".padEnd(26)}${
        ["random", "ours", "Optuna", "p", "ms ours", "Optuna"]
          .map((title) => title.padStart(11)).join("")
      }`,
    );
  }
  const rows: Row[] = [];
  for (const name of tasks) {
    const task = samplerTasks[name]!;
    const random = runOurs(randomSampler(), task, seeds, trials);
    for (const mode of modes) {
      const sampler = tpeSampler({ multivariate: mode === "multivariate" });
      const ours = runOurs(sampler, task, seeds, trials);
      const optuna = peer && await runPeer(peer, task, seeds, trials);
      const significance = optuna &&
        rankSumSignificance(ours.best, optuna.best, createRandom(0));
      const row: Row = { task: name, mode, random, ours, optuna, significance };
      rows.push(row);
      if (isPlain) print(row);
    }
  }
  if (!isPlain) console.log(JSON.stringify(rows, null, 2));
  else if (peer === null) {
    console.log(
      "\nOurs alone: deno task bench:peers makes a Python that has Optuna.",
    );
  }
  const out = flags.text("out");
  if (out !== undefined) {
    await writeFile(
      out,
      JSON.stringify({ ...about, results: rows }, null, 2) + "\n",
    );
  }
}
