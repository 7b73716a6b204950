import { fromFileUrl } from "@std/path";
import { cannot, DeviceError, onOneLine } from "@unet/errors";
import type { Measured, Measurement } from "./measurement.ts";
import { type PeerName, scriptOf } from "./peers.ts";

/**
 * Runs a program of this folder and reads the JSON that it prints last.
 *
 * @param name The program, for messages.
 * @param command The executable and its arguments.
 * @param threads For the libraries that ask the environment.
 * @param input What it reads on standard input; nothing if not given.
 * @throws {DeviceError} If it cannot be started, fails, or prints no JSON; with
 * the last line of what it said.
 */
export async function runProcess(
  name: string,
  [executable, ...args]: readonly [string, ...string[]],
  threads: number,
  input?: Iterable<Uint8Array>,
): Promise<unknown> {
  const failed = (found: string, cause?: unknown): DeviceError =>
    new DeviceError(cannot("measure with", "program", name, { found }), {
      cause,
    });
  const command = new Deno.Command(executable, {
    args,
    stdin: input ? "piped" : "null",
    stdout: "piped",
    stderr: "piped",
    env: {
      OMP_NUM_THREADS: String(threads),
      // TensorFlow's and Python's chatter would hide what failed.
      TF_CPP_MIN_LOG_LEVEL: "2",
      PYTHONDONTWRITEBYTECODE: "1",
      NO_COLOR: "1",
      NO_ALBUMENTATIONS_UPDATE: "1",
    },
  });
  let output: Deno.CommandOutput;
  try {
    const process = command.spawn();
    // Its output is read meanwhile; otherwise it would wait for a reader.
    [output] = await Promise.all([
      process.output(),
      input && writeAll(process.stdin, input),
    ]);
  } catch (cause) {
    throw failed(onOneLine(String(cause)), cause);
  }
  const { success, code, signal, stdout, stderr } = output;
  const lines = (bytes: Uint8Array): string[] =>
    new TextDecoder().decode(bytes).split("\n")
      .filter((line) => line.trim() !== "");
  if (!success) {
    const how = signal ? `signal ${signal}` : `exit code ${code}`;
    const said = lines(stderr).findLast((line) =>
      /^(\w|\.)*(Error|Exception)\b|Cannot /.test(line.trim())
    ) ?? lines(stderr).at(-1) ?? "no message";
    throw failed(`${how}: ${onOneLine(said.trim()).slice(0, 300)}`);
  }
  try {
    return JSON.parse(lines(stdout).at(-1) ?? "");
  } catch (cause) {
    throw failed("no JSON in what it printed", cause);
  }
}

/** Writes until the reader is gone, which its exit code and message explain. */
async function writeAll(
  stdin: WritableStream<Uint8Array>,
  input: Iterable<Uint8Array>,
): Promise<void> {
  const writer = stdin.getWriter();
  try {
    for (const piece of input) await writer.write(piece);
    await writer.close();
  } catch (cause) {
    if (!(cause instanceof Deno.errors.BrokenPipe)) throw cause;
  }
}

/**
 * Runs a program of ours in a process of its own, with the permissions of
 * benchmarks.
 *
 * @param file The program, of this folder.
 */
export function runOurs(
  file:
    | "measure_device.ts"
    | "print_devices.ts"
    | "time_process.ts"
    | "write_network.ts",
  args: readonly string[],
  threads: number,
): Promise<unknown> {
  const path = fromFileUrl(new URL(file, import.meta.url));
  const options = ["run", "-q", "-P=bench", path];
  return runProcess(file, [Deno.execPath(), ...options, ...args], threads);
}

/**
 * Measures in a process of its own.
 *
 * @param python The peers' interpreter.
 * @throws {DeviceError} If the process fails.
 */
export async function runMeasurement(
  measurement: Measurement,
  python: string | null,
): Promise<Measured> {
  const { side, name, threads } = measurement;
  if (side === "device") {
    const request = JSON.stringify(measurement);
    return await runOurs("measure_device.ts", [request], threads) as Measured;
  }
  const request = JSON.stringify({ ...measurement, peer: name });
  return await runProcess(
    name,
    [python!, scriptOf(name as PeerName), request],
    threads,
  ) as Measured;
}
