/**
 * Times training and inference of the report's network on our devices beside
 * PyTorch, OpenVINO, ONNX Runtime and TensorFlow: `deno task bench devices`, of
 * which README.md says more.
 */
// deno-lint-ignore-file no-console
import { cannot, count, DeviceError } from "@unet/errors";
import { writeFile } from "@unet/files";
import {
  type DeviceResult,
  type Outcome,
  toResults,
} from "./device_results.ts";
import { profileTable, tableOf } from "./device_table.ts";
import { type DevicesSettings, readSettings } from "./devices_settings.ts";
import { measureAll, nameOf, workOf } from "./measure_all.ts";
import { thisMachine } from "./machine.ts";
import type { MeasurableDevice } from "./measurable_device.ts";
import { withNetworks } from "./network_files.ts";
import { peersOfSettings } from "./peers_of_settings.ts";
import { planMeasurements } from "./plan_measurements.ts";
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
  const { python, peers } = await peersOfSettings(asked);
  const settings = { ...asked, peers };
  const devices = await findDevices(settings);
  const { measurements, leftOut } = planMeasurements(settings, devices);
  for (const line of leftOut) console.error(`Left out: ${line}`);
  await using prepared = await withNetworks(measurements, python);
  const start = performance.now();
  const outcomes = await measureAll(
    prepared.measurements,
    settings.rounds,
    python,
  );
  const minutes = (performance.now() - start) / 60_000;
  console.error(
    `${count(outcomes.length, "measurement")} in ${minutes.toFixed(1)} minutes`,
  );
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

async function findDevices(
  { device, precision, threads }: DevicesSettings,
): Promise<MeasurableDevice[]> {
  const all = await runOurs("print_devices.ts", [], threads) as (
    MeasurableDevice[]
  );
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
  const { precisions, lacking } = found;
  if (precision !== null && !precisions.includes(precision)) {
    const reason = lacking.find((each) => each.precision === precision)?.reason;
    throw failed(reason ?? `no ${precision} precision`, precisions);
  }
  return [found];
}

/** What a reader of results must know of how they came about. */
function circumstances(
  { threads }: DevicesSettings,
  results: readonly DeviceResult[],
) {
  const versions = results.filter(({ version }) => version !== "")
    .map(({ device, peer, version }) => [device ?? peer!, version]);
  return {
    date: new Date().toISOString(),
    machine: thisMachine(),
    versions: { deno: Deno.version.deno, ...Object.fromEntries(versions) },
    threads,
  };
}

function printTables(
  settings: DevicesSettings,
  results: readonly DeviceResult[],
): void {
  const { date, machine, versions, threads } = circumstances(
    settings,
    results,
  );
  console.log(`${date}, ${machine.cpu}, ${machine.cores} cores`);
  console.log(
    Object.entries(versions).map((each) => each.join(" ")).join(", "),
  );
  console.log(count(threads, "thread"));
  const groups = Map.groupBy(results, workOf);
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
