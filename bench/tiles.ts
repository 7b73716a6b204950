/**
 * Times a large image cut the report's way, ours, and MONAI's, with the same
 * network in one run:
 *
 *   deno task bench tiles [--size 2048] [--width W] [--device NAME]
 *       [--precision float32] [--window 1024] [--steps 2] [--peers monai|none] [--json]
 */
// deno-lint-ignore-file no-console
import { cpus } from "node:os";
import { fromFileUrl } from "@std/path";
import { synthesize } from "@unet/data";
import { openDevice } from "@unet/device";
import {
  type Predict,
  predictorOf,
  segmentImage,
  type SegmentImageOptions,
  withFlips,
} from "@unet/infer";
import { createModel } from "@unet/model";
import { createRandom } from "@unet/random";
import { checkPython, findPeerPython } from "./peer_python.ts";
import { readFlags } from "./read_flags.ts";
import { runProcess } from "./run_process.ts";

/** One way to cut an image, and how fast it is. */
interface Row {
  readonly program: string;
  readonly way: string;
  readonly megapixelsPerSecond: number;
  /** By the report's tiling. */
  ratio: number;
}

/** What MONAI reports: seconds of each step, by the way. */
interface PeerReport {
  readonly version: string;
  readonly seconds: Record<string, number[]>;
}

/**
 * Runs the benchmark and prints what it found.
 *
 * @param args The command line, after the benchmark's name.
 * @throws {UsageError} If a flag or its value is not allowed.
 * @throws {DeviceError} If a device or peer does not work.
 */
export async function benchTiles(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, {
    switches: ["json", "flips"],
    values: [
      "size",
      "width",
      "device",
      "precision",
      "window",
      "steps",
      "peers",
    ],
  });
  const size = flags.count("size", 2048), steps = flags.count("steps", 2);
  const window = flags.count("window", 1024);
  const width = Number(flags.text("width") ?? 1);
  const precision = flags.choice("precision", ["float32", "mixed"]) ??
    "float32";
  const peers = flags.choice("peers", ["monai", "none"]) ?? "monai";
  const python = peers === "none" ? null : await findPeerPython();
  if (python) await checkPython(python, "monai");

  await using stack = new AsyncDisposableStack();
  const device = await openDevice(flags.text("device") ?? "auto", {
    precision,
  });
  stack.defer(() => device.close());
  const model = createModel({ width }, createRandom(0));
  stack.defer(() => model.dispose());
  const predict = predictorOf(model);
  const [sample] = synthesize({
    count: 1,
    width: size,
    height: size,
    seed: 0,
  });
  const margin = 32, multiple = 32;
  const plain = { tile: window - 2 * margin, margin, multiple };
  // As MONAI's, which has no margins.
  const overlapped = { overlap: 0.25, tile: window, margin: 0, multiple };
  const ways: [string, Predict, SegmentImageOptions][] = [
    ["report: 128 reflected to 256", predict, {
      context: "reflect",
      batchSize: 4,
    }],
    [`neighbors, windows of ${window}`, predict, plain],
    [`overlap 0.25, gaussian, windows of ${window}`, predict, overlapped],
  ];
  if (flags.on("flips")) {
    ways.push([`neighbors, 4 views`, withFlips(predict, 4), plain]);
  }
  const rows: Row[] = [];
  const add = (program: string, way: string, seconds: readonly number[]) => {
    const megapixelsPerSecond = size * size / 1e6 / Math.min(...seconds);
    const ratio = megapixelsPerSecond /
      (rows[0]?.megapixelsPerSecond ?? megapixelsPerSecond);
    rows.push({ program, way, megapixelsPerSecond, ratio });
  };
  for (const [way, predict, options] of ways) {
    const run = () => segmentImage(sample!.image, predict, options);
    add(`${device.name} ${precision}`, way, await timed(run, steps));
  }
  if (python) {
    const request = { width, size, window, steps, threads: cpus().length };
    const report = await runPeer(python, request);
    for (const [way, seconds] of Object.entries(report.seconds)) {
      add(`MONAI ${report.version}`, way, seconds);
    }
  }
  if (flags.on("json")) {
    console.log(JSON.stringify(rows, null, 2));
    return;
  }
  printRows(rows, { width, size });
}

/** Seconds of each run. */
async function timed(
  run: () => Promise<unknown>,
  steps: number,
): Promise<number[]> {
  // The first windows compile kernels; they are not what is measured.
  const seconds: number[] = [];
  for (let step = 0; step <= steps; step++) {
    const start = performance.now();
    await run();
    seconds.push((performance.now() - start) / 1000);
  }
  return seconds.slice(1);
}

/** What MONAI is asked to do. */
interface PeerRequest {
  readonly width: number;
  readonly size: number;
  readonly window: number;
  readonly steps: number;
  readonly threads: number;
}

async function runPeer(
  python: string,
  request: PeerRequest,
): Promise<PeerReport> {
  const script = fromFileUrl(new URL("./tiles_peer.py", import.meta.url));
  return await runProcess(
    "MONAI",
    [python, script, JSON.stringify(request)],
    request.threads,
  ) as PeerReport;
}

function printRows(
  rows: readonly Row[],
  { width, size }: { readonly width: number; readonly size: number },
): void {
  console.log(
    `\nwidth ${width}, ${size}×${size} pixels, ${cpus().length} cores\n`,
  );
  for (const { program, way, megapixelsPerSecond, ratio } of rows) {
    console.log(
      `${program.padEnd(18)}${way.padEnd(44)}` +
        `${megapixelsPerSecond.toFixed(3).padStart(7)} MP/s` +
        `${ratio.toFixed(2).padStart(7)} ×`,
    );
  }
}
