/**
 * Times training and inference of the report's network on our devices beside
 * PyTorch and TensorFlow: `deno task bench devices`. README.md tells how.
 */
// deno-lint-ignore-file no-console
import type { DeviceReport } from "@unet/device";
import { cannot, DeviceError } from "@unet/errors";
import { writeFile } from "@unet/files";
import { cpus } from "node:os";
import {
  type DeviceResult,
  type Outcome,
  toResults,
} from "./device_results.ts";
import { profileTable, tableOf } from "./device_table.ts";
import { type DevicesSettings, readSettings } from "./devices_settings.ts";
import { measureAll, nameOf } from "./measure_all.ts";
import { checkPython, findPeerPython } from "./peer_python.ts";
import { planMeasurements, precisionsOf } from "./plan_measurements.ts";
import { runOurs } from "./run_process.ts";

/**
 * Runs the benchmark and prints what it found.
 *
 * @param args The command line, after the benchmark's name.
 * @returns 0, or 1 if something could not be measured.
 * @throws {UsageError} If a flag or its value is not allowed.
 * @throws {DeviceError} If the named device or peer is not available.
 */
export async function benchDevices(args: readonly string[]): Promise<number> {
  const asked = readSettings(args, navigator.hardwareConcurrency);
  const python = await pythonFor(asked);
  const settings = { ...asked, peers: python === null ? [] : asked.peers };
  const devices = await findDevices(settings);
  const { measurements, leftOut } = planMeasurements(settings, devices);
  for (const line of leftOut) console.error(`Left out: ${line}`);
  const outcomes = await measureAll(measurements, settings.rounds, python);
  const results = toResults(
    outcomes.filter(({ measurement }) => !measurement.profile),
  );
  const profiles = outcomes.filter(({ measurement }) => measurement.profile);
  if (settings.json) console.log(JSON.stringify(results, null, 2));
  else printTables(settings, results);
  // With --json, standard output is for the program that reads it.
  const print = settings.json ? console.error : console.log;
  for (const profile of profiles) printProfile(profile, print);
  if (settings.out !== null) await save(settings, results, profiles);
  return outcomes.some(({ result }) => "error" in result) ? 1 : 0;
}

/** The peers' interpreter, or null where they do not run. */
async function pythonFor(
  { peers, needsPeers }: DevicesSettings,
): Promise<string | null> {
  if (peers.length === 0) return null;
  const python = await findPeerPython();
  if (python !== null) {
    const modules = peers.map((peer) =>
      peer === "tensorflow" ? "tensorflow" : "torch"
    );
    for (const module of new Set(modules)) await checkPython(python, module);
    return python;
  }
  const remedy =
    "deno task bench:peers, or set UNET_PEER_PYTHON to a Python that has torch";
  if (needsPeers) {
    throw new DeviceError(
      cannot("measure with", "peers", peers.join(","), {
        found: "no Python for them",
        remedy,
      }),
    );
  }
  console.error(`Ours alone, for there is no Python with PyTorch: ${remedy}`);
  return null;
}

async function findDevices(
  { device, precision, threads }: DevicesSettings,
): Promise<DeviceReport[]> {
  const all = await runOurs("print_devices.ts", [], threads) as DeviceReport[];
  if (device === null) return all.filter(({ available }) => available);
  const found = all.find(({ name }) => name === device);
  const failed = (found: string, expected: readonly string[]): DeviceError =>
    new DeviceError(
      cannot("measure", "device", device, {
        found,
        expected: expected.join(", "),
      }),
    );
  if (!found?.available) {
    const names = all.map(({ name }) => name);
    throw failed(found?.reason ?? "no device of that name", names);
  }
  const precisions = precisionsOf(found);
  if (precision !== null && !precisions.includes(precision)) {
    throw failed(`no ${precision} precision`, precisions);
  }
  return [found];
}

/** What a reader of results must know of how they came about. */
function circumstances(
  { width, size, threads }: DevicesSettings,
  results: readonly DeviceResult[],
) {
  const versions = results.filter(({ version }) => version !== "")
    .map(({ device, peer, version }) => [device ?? peer!, version]);
  return {
    date: new Date().toISOString(),
    machine: {
      cpu: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      os: Deno.build.os,
      arch: Deno.build.arch,
    },
    versions: { deno: Deno.version.deno, ...Object.fromEntries(versions) },
    network: { width, size },
    threads,
  };
}

function printTables(
  settings: DevicesSettings,
  results: readonly DeviceResult[],
): void {
  const { date, machine, versions, network, threads } = circumstances(
    settings,
    results,
  );
  console.log(`${date}, ${machine.cpu}, ${machine.cores} cores`);
  console.log(
    Object.entries(versions).map((each) => each.join(" ")).join(", "),
  );
  console.log(
    `width ${network.width}, ${network.size}×${network.size}, ${threads} threads`,
  );
  const groups = Map.groupBy(
    results,
    ({ mode, batch }) => `${mode}, batch ${batch}`,
  );
  for (const [title, rows] of groups) {
    console.log(`\n${title}`);
    for (const line of tableOf(rows)) console.log(line);
  }
}

function printProfile(
  { measurement, result }: Outcome,
  print: (line: string) => void,
): void {
  if ("error" in result) return;
  const { length } = result.seconds;
  print(`\n${nameOf(measurement)}, ${length} step${length === 1 ? "" : "s"}`);
  for (const line of profileTable(result.kernels ?? [])) print(line);
}

async function save(
  settings: DevicesSettings,
  results: readonly DeviceResult[],
  outcomes: readonly Outcome[],
): Promise<void> {
  const profiles = outcomes.flatMap(({ measurement, result }) =>
    "error" in result
      ? []
      : [{ name: nameOf(measurement), kernels: result.kernels }]
  );
  const report = {
    ...circumstances(settings, results),
    results,
    ...(profiles.length > 0 ? { profiles } : {}),
  };
  const text = JSON.stringify(report, null, 2) + "\n";
  await writeFile(settings.out!, text, "results");
}
