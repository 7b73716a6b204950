/**
 * Times what people run from the command line, `unet segment` with a trained
 * model, as processes from start to end: `deno task bench segment`, of which
 * README.md says more.
 */
// deno-lint-ignore-file no-console
import { cannot, count, DeviceError } from "@unet/errors";
import { writeFile } from "@unet/files";
import { thisMachine } from "./machine.ts";
import { findPeerPython, missingModules, noPeers } from "./peer_python.ts";
import { runOurs } from "./run_process.ts";
import { prepareCommands, type SegmentCommand } from "./segment_commands.ts";
import {
  type SegmentResult,
  type SegmentRuns,
  segmentTable,
  toSegmentResults,
} from "./segment_results.ts";
import {
  readSegmentSettings,
  type SegmentSettings,
} from "./segment_settings.ts";
import type { TimedRun } from "./time_process.ts";

/**
 * Runs the benchmark and prints what it found.
 *
 * @param args The command line, after the benchmark's name.
 * @throws {UsageError} If a flag or its value is not allowed.
 * @throws {DeviceError} If a command fails, or a peer that was named is not
 * there.
 */
export async function benchSegment(args: readonly string[]): Promise<void> {
  const settings = readSegmentSettings(args, navigator.hardwareConcurrency);
  const python = await pythonFor(settings);
  const folder = await Deno.makeTempDir({ prefix: "unet-bench-" });
  await using stack = new AsyncDisposableStack();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  console.error("Drawing the images");
  const commands = await prepareCommands(settings, folder, python);
  const runs = await runAll(commands, settings);
  const results = toSegmentResults(runs);
  const date = new Date().toISOString();
  if (settings.json) console.log(JSON.stringify(results, null, 2));
  else print(settings, { date, results });
  if (settings.out !== null) await save(settings, { date, results });
}

interface DatedResults {
  readonly date: string;
  readonly results: readonly SegmentResult[];
}

function print(settings: SegmentSettings, { date, results }: DatedResults) {
  const { cpu, cores } = thisMachine();
  const { model, images, size, large, threads, rounds } = settings;
  const versions = results.map(({ program, version }) =>
    `${program} ${version}`
  );
  console.log(`${date}, ${cpu}, ${count(cores, "core")}`);
  console.log([...new Set(versions)].join(", "));
  console.log(
    `model ${model}, plate of ${count(images, "image")} of ${size}×${size}, ` +
      `large image ${large.width}×${large.height}, ` +
      `${count(threads, "thread")}, ${count(rounds, "round")}\n`,
  );
  for (const line of segmentTable(results)) console.log(line);
}

async function save(
  { out, model, size, large, threads }: SegmentSettings,
  { date, results }: DatedResults,
): Promise<void> {
  const report = {
    ...{ date, machine: thisMachine(), versions: { deno: Deno.version.deno } },
    ...{ model, size, large, threads, results },
  };
  await writeFile(out!, JSON.stringify(report, null, 2) + "\n", "results");
}

/** OpenVINO's interpreter; null where it does not run. */
async function pythonFor(
  { peer, works }: SegmentSettings,
): Promise<string | null> {
  if (peer === "none" || !works.includes("plate")) return null;
  const remedy = "deno task bench:peers makes a Python for it";
  const python = await findPeerPython();
  const missing = python === null
    ? []
    : await missingModules(python, ["openvino", "PIL"]);
  if (python !== null && missing.length === 0) return python;
  const reason = python === null
    ? "no Python for it"
    : `no module ${missing.join(", ")} in ${python}`;
  if (peer === null) {
    console.error(`Left out: openvino: ${reason}; ${remedy}`);
    return null;
  }
  if (python !== null) throw noPeers(python, reason);
  throw new DeviceError(
    cannot("measure with", "peer", peer, { found: reason, remedy }),
  );
}

/** Runs all in order, then all again, so that a drift of speed is shared. */
async function runAll(
  commands: readonly SegmentCommand[],
  { rounds, threads }: SegmentSettings,
): Promise<SegmentRuns[]> {
  const runs = commands.map((): TimedRun[] => []);
  for (let round = 1; round <= rounds; round++) {
    for (const [at, each] of commands.entries()) {
      const { work, program } = each;
      console.error(`${work}, ${program} (round ${round} of ${rounds})`);
      runs[at]!.push(await runOnce(each, threads));
    }
  }
  return commands.map(({ work, program, images, megapixels }, at) => ({
    ...{ work, program, images, megapixels },
    version: versionOf(runs[at]!),
    runs: runs[at]!,
  }));
}

async function runOnce(
  { command, cwd, out, images, work, program }: SegmentCommand,
  threads: number,
): Promise<TimedRun> {
  const request = JSON.stringify({ command, cwd });
  const run = await runOurs("time_process.ts", [request], threads) as TimedRun;
  const names = [...Deno.readDirSync(out)].map(({ name }) => name);
  await Deno.remove(out, { recursive: true });
  const masks = names.filter((name) => name.endsWith(".png")).length;
  if (masks === images) return run;
  throw new DeviceError(
    cannot("measure with", "program", `${program}, ${work}`, {
      found: count(masks, "mask"),
      expected: String(images),
    }),
  );
}

/**
 * The device, which `segment` prints; a peer prints its version likewise. Where
 * `auto` did not always choose the same, all that it chose.
 */
function versionOf(runs: readonly TimedRun[]): string {
  const start = "Device: ";
  const named = runs.flatMap(({ lines }) => lines)
    .filter((line) => line.startsWith(start))
    .map((line) => line.slice(start.length));
  return [...new Set(named)].join(" or ");
}
